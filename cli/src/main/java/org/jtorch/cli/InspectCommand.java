package org.jtorch.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.nn.internal.TextTable;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointInfo;
import org.jtorch.serialize.PythonObject;
import org.jtorch.serialize.TensorInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch inspect}: lists what is in a checkpoint. */
@Command(
        name = "inspect",
        description = "List a checkpoint's keys, shapes, dtypes and sizes, without reading a tensor.")
final class InspectCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A .pt or .safetensors file, or the index of a sharded set.")
    Path file;

    @Option(names = "--tree", description = "Show the keys as a tree, with the totals of each branch.")
    boolean tree;

    @Option(names = "--stats", description = "Read the tensors: min, max and mean, and how many are NaN or infinite.")
    boolean stats;

    @Option(names = "--json", description = "Print JSON.")
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
            print.println(file + ": " + info.format());
            print.println();
            print.println(tree ? InspectTree.text(info, found) : table(info, found));
            print.println();
            printOthers(print, info);
            long elements = info.tensors().values().stream()
                    .mapToLong(TensorInfo::numel)
                    .sum();
            int count = info.tensors().size();
            String human = info.nbytes() < 1024 ? "" : " (" + TextTable.bytes(info.nbytes()) + ")";
            print.printf(
                    Locale.ROOT,
                    "%,d %s, %,d elements, %,d bytes%s%n",
                    count,
                    count == 1 ? "tensor" : "tensors",
                    elements,
                    info.nbytes(),
                    human);
        }
        print.flush();
        return 0;
    }

    private Map<String, TensorStats> stats(CheckpointInfo info) {
        Map<String, TensorStats> all = new LinkedHashMap<>();
        try (TensorScope scope = new TensorScope()) {
            Checkpoint checkpoint = Checkpoint.load(file, reading.load());
            Map<String, @Nullable Object> values = new LinkedHashMap<>(FlatValues.of(checkpoint.root()));
            if (checkpoint.root() instanceof PythonObject module && module.isModule()) {
                values.putAll(checkpoint.stateDict());
            }
            for (String key : info.tensors().keySet()) {
                boolean dense = values.get(key) instanceof Tensor tensor
                        && !tensor.isUninitialized()
                        && tensor.layout() == Layout.STRIDED
                        && !tensor.isMeta();
                if (dense) {
                    all.put(key, TensorStats.of((Tensor) Objects.requireNonNull(values.get(key))));
                }
            }
        }
        return all;
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
        return stats == null
                ? new String[] {"-", "-", "-", "-", "-"}
                : new String[] {
                    TensorStats.text(stats.min()),
                    TensorStats.text(stats.max()),
                    TensorStats.text(stats.mean()),
                    TextTable.count(stats.nan()),
                    TextTable.count(stats.inf())
                };
    }

    /** The shape, and the layout where it is not the usual one. */
    static String shape(TensorInfo tensor) {
        if (tensor.isUninitialized()) {
            return "uninitialized";
        }
        String layout = String.valueOf(tensor.layout());
        String shape = Arrays.toString(tensor.shape());
        return layout.endsWith("strided") ? shape : shape + " " + layout.replaceFirst("^torch\\.", "");
    }

    /** What stands beside the tensors: the header, and numbers and texts among them. */
    private static void printOthers(PrintWriter print, CheckpointInfo info) {
        Map<String, String> others = new LinkedHashMap<>(info.header());
        FlatValues.of(info.root()).forEach((key, value) -> {
            if (!(value instanceof TensorInfo) && !key.isEmpty()) {
                others.put(key, String.valueOf(value));
            }
        });
        int shown = 0;
        for (Map.Entry<String, String> other : others.entrySet()) {
            if (++shown > MOST) {
                print.println("and " + (others.size() - MOST) + " more values");
                break;
            }
            String text = other.getValue().replaceAll("\\s+", " ");
            print.println(other.getKey() + " = " + (text.length() > 80 ? text.substring(0, 79) + "…" : text));
        }
        if (shown > 0) {
            print.println();
        }
    }

    /** Values shown beside the tensors. */
    private static final int MOST = 40;
}
