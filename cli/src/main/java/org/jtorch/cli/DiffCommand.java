package org.jtorch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorScope;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.state.StateDictDiff;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointInfo;
import org.jtorch.serialize.LoadOptions;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.PythonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch diff}: compares two checkpoints. Its exit statuses are those of Unix's {@code diff}. */
@Command(
        name = "diff",
        exitCodeOnExecutionException = 2,
        description = {
            "Compares two checkpoints by keys, shapes, dtypes and values.",
            "Prints one line for each difference, and guesses which keys were renamed. Formats may differ."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:The checkpoints are the same.",
            "1:The checkpoints are different.",
            "2:A file cannot be read, a tensor cannot be compared, or the arguments are wrong."
        })
final class DiffCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "LEFT",
            description = "The first checkpoint: any file that 'jtorch inspect' reads.")
    Path left;

    @Parameters(
            index = "1",
            paramLabel = "RIGHT",
            description = "The second checkpoint, which may be of another format.")
    Path right;

    @Option(
            names = "--rtol",
            paramLabel = "X",
            description = "The relative tolerance. Values a and b are the same if |a - b| <= atol + rtol * |b|"
                    + " (default: ${DEFAULT-VALUE}).")
    double rtol;

    @Option(names = "--atol", paramLabel = "X", description = "The absolute tolerance (default: ${DEFAULT-VALUE}).")
    double atol;

    @Option(names = "--keys", description = "Compare keys, shapes and dtypes only. No tensor is read.")
    boolean keysOnly;

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Override
    public Integer call() {
        if (!(rtol >= 0) || !(atol >= 0)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rtol is " + rtol + " and --atol is " + atol + ", but neither may be negative");
        }
        return keysOnly ? compareKeys() : compareValues();
    }

    /** Compares the lists of tensors only. The engine is not loaded. */
    private int compareKeys() {
        CheckpointInfo first = Checkpoint.open(left, reading.load());
        CheckpointInfo second = Checkpoint.open(right, reading.load());
        boolean alike = isModule(first.root()) == isModule(second.root());
        Map<String, ?> a = alike ? FlatValues.deep(first.root()) : first.tensors();
        Map<String, ?> b = alike ? FlatValues.deep(second.root()) : second.tensors();
        return print(new CheckpointComparison.Result(KeyComparison.of(a, b), Map.of()), a, b);
    }

    private int compareValues() {
        try (TensorScope scope = new TensorScope()) {
            Map<String, @Nullable Object> a;
            Map<String, @Nullable Object> b;
            Checkpoint first = load(left);
            Checkpoint second = load(right);
            if (isModule(first.root()) == isModule(second.root())) {
                a = values(first.root());
                b = values(second.root());
            } else {
                a = tensors(first);
                b = tensors(second);
            }
            return print(compare(a, b), a, b);
        }
    }

    /**
     * Loads a file. Records are compared by their contents, so unknown classes have to be allowed only if the file holds
     * nothing else.
     */
    private Checkpoint load(Path file) {
        Checkpoint.open(file, reading.load());
        return Checkpoint.load(file, LoadOptions::allowUnknownClasses);
    }

    private static boolean isModule(@Nullable Object root) {
        return root instanceof PythonObject object && object.isModule();
    }

    /**
     * Returns the entries that a module and a state dict have in common. The checkpoint may also be a whole training
     * checkpoint.
     */
    private static Map<String, @Nullable Object> tensors(Checkpoint checkpoint) {
        return isModule(checkpoint.root())
                ? new LinkedHashMap<String, @Nullable Object>(
                        checkpoint.stateDict().entries())
                : values(checkpoint.root());
    }

    private static Map<String, @Nullable Object> values(@Nullable Object root) {
        Map<String, @Nullable Object> values = FlatValues.deep(root);
        values.replaceAll((key, value) -> value instanceof NumpyArray array ? tensor(array) : value);
        return values;
    }

    /**
     * Returns the array as a tensor, which is compared within the tolerance; an array of another dtype is returned unchanged.
     */
    private static Object tensor(NumpyArray array) {
        try {
            return array.toTensor();
        } catch (RuntimeException e) {
            return array;
        }
    }

    private CheckpointComparison.Result compare(Map<String, @Nullable Object> a, Map<String, @Nullable Object> b) {
        List<Long> sizes = new ArrayList<>();
        a.forEach((key, value) -> {
            if (b.containsKey(key)) {
                sizes.add(CheckpointComparison.nbytes(value));
            }
        });
        try (ReadProgress progress = ReadProgress.of(sizes, Math.max(size(left), size(right)))) {
            CheckpointComparison.Result result = CheckpointComparison.of(a, b, rtol, atol, progress);
            return result.unknown().isEmpty() || !areEqualFiles() ? result : result.ofEqualFiles();
        }
    }

    /** Returns whether the files are equal byte for byte. The index of a sharded checkpoint does not show this. */
    private boolean areEqualFiles() {
        try {
            return !String.valueOf(left.getFileName()).endsWith(".json") && Files.mismatch(left, right) == -1
                    || Files.isSameFile(left, right);
        } catch (IOException e) {
            return false; // They have been read before. The only consequence is a message that something cannot be
            // compared.
        }
    }

    /** Returns the size of a file in bytes, or the maximum for an index, whose data are in other files. */
    static long size(Path file) {
        try {
            return String.valueOf(file.getFileName()).endsWith(".json") ? Long.MAX_VALUE : Files.size(file);
        } catch (IOException e) {
            return Long.MAX_VALUE; // It has been read before, and only the length of a bar depends on its size.
        }
    }

    /** Returns the table of differences. Entries of only one side have the colours that other tools use in diffs. */
    private String coloured(StateDictDiff diff) {
        Colours colours = Colours.of(spec.commandLine());
        return diff.toString()
                .lines()
                .map(line -> line.endsWith("  only left")
                        ? colours.failure(line)
                        : line.endsWith("  only right") ? colours.good(line) : line)
                .collect(Collectors.joining("\n"));
    }

    private int print(CheckpointComparison.Result result, Map<String, ?> a, Map<String, ?> b) {
        StateDictDiff diff = result.diff();
        Map<String, String> unknown = result.unknown();
        PrintWriter print = spec.commandLine().getOut();
        print.println("left   " + left);
        print.println("right  " + right);
        print.println();
        print.println(coloured(diff) + (unknown.isEmpty() ? "" : ", " + unknown.size() + " that cannot be compared"));
        Reasons.print(print, "cannot be compared:", unknown);
        List<String> guesses = RenameGuesses.of(diff, a, b);
        if (!guesses.isEmpty()) {
            print.println();
            print.println("perhaps renamed, left → right:");
            guesses.forEach(line -> print.println("  " + PythonText.printable(line)));
        }
        print.flush();
        return !diff.isEmpty() ? 1 : unknown.isEmpty() ? 0 : 2;
    }
}
