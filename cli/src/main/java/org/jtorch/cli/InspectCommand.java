package org.jtorch.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.internal.text.PythonText;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.internal.ElementStats;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointInfo;
import org.jtorch.serialize.format.TensorInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch inspect}: lists the contents of a checkpoint. */
@Command(
        name = "inspect",
        description = {
            "Lists what is in a checkpoint: keys, shapes, dtypes and sizes, in the order of the file.",
            "No tensor is read unless --stats is given, and nothing from the file is run."
        })
final class InspectCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A .pt or .safetensors file, or the index of a sharded checkpoint.")
    Path file;

    @Option(names = "--tree", description = "Show the keys as a tree, and the totals of each branch.")
    boolean tree;

    @Option(
            names = "--stats",
            description =
                    "Read the tensors, and show the minimum, maximum and mean, and how many elements are NaN or infinite.")
    boolean stats;

    @Option(names = "--json", description = "Print JSON, for other programs.")
    boolean json;

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Override
    public Integer call() {
        CheckpointInfo info = Checkpoint.open(file, reading.load());
        Map<String, TensorStats> found = stats ? stats(info) : Map.of();
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            try {
                print.println(InspectJson.text(info, found));
            } catch (java.io.IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            print.println(Colours.of(spec.commandLine()).heading(String.valueOf(file)) + ": " + info.format());
            print.println();
            print.println(tree ? InspectTree.text(info, found) : table(info, found));
            Reasons.print(print, "no numbers of:", reasons(found));
            print.println();
            printOthers(print, info);
            printUnknown(print, info);
            long elements = info.tensors().values().stream()
                    .mapToLong(TensorInfo::numel)
                    .sum();
            String human = info.nbytes() < 1024 ? "" : " (" + TextTable.bytes(info.nbytes()) + ")";
            print.println(TextTable.count(info.tensors().size(), "tensor") + ", " + TextTable.count(elements, "element")
                    + ", " + TextTable.count(info.nbytes(), "byte") + human);
        }
        print.flush();
        return 0;
    }

    private Map<String, TensorStats> stats(CheckpointInfo info) {
        Map<String, TensorStats> all = new LinkedHashMap<>();
        List<Long> sizes =
                info.tensors().values().stream().map(TensorInfo::nbytes).toList();
        try (TensorScope scope = new TensorScope();
                ReadProgress progress = ReadProgress.of(sizes, DiffCommand.size(file))) {
            Map<String, Tensor> tensors = Checkpoint.load(file, reading.load()).tensors();
            info.tensors().forEach((key, tensor) -> {
                LongConsumer read = progress.next(key, tensor.nbytes());
                all.put(
                        key,
                        tensors.containsKey(key)
                                ? TensorStats.of(tensors.get(key), read)
                                : TensorStats.unknown("it was not found again in the file"));
            });
        }
        return all;
    }

    /** Returns the tensors without statistics, and the reasons. */
    private static Map<String, String> reasons(Map<String, TensorStats> stats) {
        Map<String, String> reasons = new LinkedHashMap<>();
        stats.forEach((key, one) -> {
            if (one.reason() != null) {
                reasons.put(key, one.reason());
            }
        });
        return reasons;
    }

    private static String table(CheckpointInfo info, Map<String, TensorStats> stats) {
        TextTable table =
                new TextTable().words("key").words("shape").words("dtype").numbers("size");
        if (!stats.isEmpty()) {
            table.numbers("min").numbers("max").numbers("mean").numbers("nan").numbers("inf");
        }
        info.tensors().forEach((key, tensor) -> {
            String[] cells = {
                key, shape(tensor), DTypeNames.name(tensor), TextTable.bytes(tensor.nbytes()),
            };
            table.row(stats.isEmpty() ? cells : concat(cells, statCells(stats.get(key))));
        });
        return table.toString();
    }

    private static String[] concat(String[] a, String[] b) {
        String[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    static String[] statCells(@Nullable TensorStats stats) {
        ElementStats numbers = stats == null ? null : stats.numbers();
        return numbers == null
                ? new String[] {"-", "-", "-", "-", "-"}
                : new String[] {
                    TensorStats.text(numbers.min()),
                    TensorStats.text(numbers.max()),
                    TensorStats.text(numbers.mean()),
                    TextTable.count(numbers.nan()),
                    TextTable.count(numbers.inf())
                };
    }

    /** Returns the shape, followed by the layout if it is not strided. */
    static String shape(TensorInfo tensor) {
        if (tensor.isUninitialized()) {
            return "uninitialized";
        }
        String layout = String.valueOf(tensor.layout());
        String shape = Arrays.toString(tensor.shape()) + ("meta".equals(tensor.location()) ? " meta" : "");
        return layout.endsWith("strided") ? shape : shape + " " + DTypeNames.withoutTorch(layout);
    }

    /** Prints the positions of objects whose classes exist only in Python. */
    private static void printUnknown(PrintWriter print, CheckpointInfo info) {
        info.unknownClasses().entrySet().stream()
                .limit(MOST)
                .forEach(entry -> print.println("unknown class " + PythonText.printable(entry.getKey()) + " at "
                        + entry.getValue().stream()
                                .map(place -> place.isEmpty() ? "the value itself" : place)
                                .map(PythonText::printable)
                                .collect(Collectors.joining(", "))));
        int count = info.unknownClasses().size();
        if (count > MOST) {
            print.println("and " + (count - MOST) + " more unknown classes");
        }
        if (count > 0) {
            print.println();
        }
    }

    /** Prints what the file contains in addition to tensors: the header, numbers and texts. */
    private static void printOthers(PrintWriter print, CheckpointInfo info) {
        Map<String, String> others = new LinkedHashMap<>(info.header());
        FlatValues.of(info.root()).forEach((key, value) -> {
            if (!(value instanceof TensorInfo) && !key.isEmpty()) {
                others.put(key, ValueText.of(value, 2 * MOST_OF_A_TEXT));
            }
        });
        int shown = 0;
        for (Map.Entry<String, String> other : others.entrySet()) {
            if (++shown > MOST) {
                print.println("and " + (others.size() - MOST) + " more values");
                break;
            }
            String text = PythonText.printable(other.getValue().replaceAll("\\s+", " "));
            print.println(PythonText.printable(other.getKey()) + " = "
                    + (text.length() > MOST_OF_A_TEXT ? text.substring(0, MOST_OF_A_TEXT - 1) + "…" : text));
        }
        if (shown > 0) {
            print.println();
        }
    }

    /** The greatest number of values that are shown in addition to tensors. */
    private static final int MOST = 40;

    /** The greatest length of the text of a value. */
    private static final int MOST_OF_A_TEXT = 80;
}
