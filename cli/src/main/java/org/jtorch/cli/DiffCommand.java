package org.jtorch.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.StateDict;
import org.jtorch.nn.StateDictDiff;
import org.jtorch.nn.internal.TensorPieces;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.PythonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch diff}: what is different between two checkpoints. Its exit statuses are those of Unix's {@code diff}. */
@Command(
        name = "diff",
        exitCodeOnExecutionException = 2,
        description = {
            "Show what is different between two checkpoints: keys, shapes, dtypes, values.",
            "Exit status: 0 nothing is, 1 something is, 2 one cannot be read."
        })
final class DiffCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "LEFT", description = "A checkpoint, as `jtorch inspect` reads it.")
    Path left;

    @Parameters(index = "1", paramLabel = "RIGHT", description = "Another, of any format.")
    Path right;

    @Option(
            names = "--rtol",
            paramLabel = "X",
            description = "Values a and b are the same where |a - b| <= atol + rtol * |b| (default: ${DEFAULT-VALUE}).")
    double rtol;

    @Option(names = "--atol", paramLabel = "X", description = "See --rtol (default: ${DEFAULT-VALUE}).")
    double atol;

    @Mixin
    ReadingOptions reading = new ReadingOptions();

    @Override
    public Integer call() {
        if (!(rtol >= 0) || !(atol >= 0)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rtol is " + rtol + " and --atol is " + atol + ", but neither may be negative");
        }
        try (TensorScope scope = new TensorScope()) {
            StateDict a = values(left);
            StateDict b = values(right);
            StateDictDiff diff = tolerant(a.diff(b), a, b);
            PrintWriter print = spec.commandLine().getOut();
            print.println("left   " + left);
            print.println("right  " + right);
            print.println();
            print.println(diff);
            List<String> guesses = RenameGuesses.of(diff, a, b);
            if (!guesses.isEmpty()) {
                print.println();
                print.println("perhaps renamed, left → right:");
                guesses.forEach(line -> print.println("  " + line));
            }
            print.flush();
            return diff.isEmpty() ? 0 : 1;
        }
    }

    private StateDict values(Path file) {
        Checkpoint checkpoint = Checkpoint.load(file, reading.load());
        if (checkpoint.root() instanceof PythonObject) {
            return checkpoint.stateDict();
        }
        StateDict state = new StateDict();
        FlatValues.of(checkpoint.root()).forEach(state::putEntry);
        return state;
    }

    /** Without the rows whose values are near enough. */
    private StateDictDiff tolerant(StateDictDiff diff, StateDict a, StateDict b) {
        if (rtol == 0 && atol == 0) {
            return diff;
        }
        List<StateDictDiff.Row> rows = new ArrayList<>();
        for (StateDictDiff.Row row : diff.rows()) {
            if (row.kind() != StateDictDiff.Kind.VALUE || !near(row, a.entries(), b.entries())) {
                rows.add(row);
            }
        }
        return new StateDictDiff(rows, diff.same() + diff.rows().size() - rows.size());
    }

    private boolean near(StateDictDiff.Row row, Map<String, @Nullable Object> a, Map<String, @Nullable Object> b) {
        Object x = a.get(row.key());
        Object y = b.get(row.key());
        if (x instanceof Tensor left && y instanceof Tensor right) {
            if (left.layout() != Layout.STRIDED || right.layout() != Layout.STRIDED) {
                // what lies at the same place in both is not told: rtol, which would only add to it, is not used
                return row.maxDifference() != null && row.maxDifference() <= atol;
            }
            DType wide = left.isComplex() ? DType.COMPLEX128 : DType.FLOAT64;
            return TensorPieces.visit(
                    left.detach(), right.detach(), (p, q) -> p.to(wide).allclose(q.to(wide), rtol, atol, true));
        }
        return x instanceof Double p && y instanceof Double q && Math.abs(p - q) <= atol + rtol * Math.abs(q);
    }
}
