package org.jtorch.tools;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleSummary;
import org.jtorch.nn.TensorTree;

/**
 * The structure of a model and the cost of one call: {@link Module#summary()} with shapes, multiply-adds and memory.
 *
 * <pre>{@code
 * System.out.println(Summary.of(model, Torch.randn(1, 3, 224, 224)).limitedTo(2));
 * }</pre>
 *
 * <p>A row counts its module and all modules below it, so the first row has the totals. Multiply-adds are those of products of
 * matrices and vectors in all their forms (linear maps, convolutions, attention, recurrent networks, einsum), whether a layer
 * or the model's own {@code forward} computes them, and one for each element that is normalized. Biases, activations and
 * pooling are not counted. Memory is what the operations allocated; results that are views or computed in place need none.
 *
 * @param rows a row for each module, parents first, a shared module once
 * @param inputBytes the size of the input's tensors in bytes
 */
public record Summary(List<Row> rows, long inputBytes) {

    /**
     * The counts of one module.
     *
     * @param module the path, the class, the parameters and the buffers of the module
     * @param calls the number of calls
     * @param inputShapes the shapes of the tensors in the last input
     * @param outputShapes the shapes of the tensors in the last output; empty if the module was not called
     * @param multiplyAdds the multiply-adds in the module and below it, in all calls
     * @param activationBytes the bytes that the operations in the module and below it allocated, in all calls
     */
    public record Row(
            ModuleSummary.Row module,
            int calls,
            List<List<Long>> inputShapes,
            List<List<Long>> outputShapes,
            long multiplyAdds,
            long activationBytes) {}

    /** Creates a summary of a copy of the list. */
    public Summary {
        rows = List.copyOf(rows);
    }

    /**
     * Calls {@code model} once, in eval and inference mode, and returns a summary. The model is restored afterwards, even if
     * its forward throws; lazy modules keep the shapes that they receive.
     *
     * @param model the model
     * @param input the input of the model; a record if it takes several tensors
     * @throws RuntimeException if the forward throws it
     */
    public static <I extends @Nullable Object> Summary of(Module<I, ?> model, I input) {
        List<ForwardTrace.Call> calls;
        try (TensorScope scope = new TensorScope();
                ForwardTrace trace = new ForwardTrace(model)) {
            model.infer(input);
            calls = trace.calls();
        }
        long[] inputBytes = {0};
        TensorTree.forEach(input, (Tensor t) -> inputBytes[0] += t.nbytes());
        return new Summary(rows(model.summary(), calls), inputBytes[0]);
    }

    private static List<Row> rows(ModuleSummary modules, List<ForwardTrace.Call> calls) {
        Map<String, Totals> totals = new HashMap<>();
        for (ForwardTrace.Call call : calls) {
            Totals own = totals.computeIfAbsent(call.path, path -> new Totals());
            own.calls++;
            own.last = call;
            for (String path : call.within()) {
                Totals outer = totals.computeIfAbsent(path, p -> new Totals());
                outer.multiplyAdds += call.multiplyAdds;
                outer.madeBytes += call.madeBytes;
            }
        }
        List<Row> rows = new ArrayList<>();
        for (ModuleSummary.Row module : modules.rows()) {
            Totals t = totals.getOrDefault(module.path(), new Totals());
            rows.add(new Row(
                    module,
                    t.calls,
                    t.last == null ? List.of() : t.last.inputShapes,
                    t.last == null ? List.of() : t.last.outputShapes,
                    t.multiplyAdds,
                    t.madeBytes));
        }
        return rows;
    }

    private static final class Totals {
        int calls;
        ForwardTrace.@Nullable Call last;
        long multiplyAdds;
        long madeBytes;
    }

    /** Returns the row of the model itself, which holds the totals. */
    public Row total() {
        return rows.get(0);
    }

    /**
     * Returns the row of one module.
     *
     * @param path the dotted name; empty for the model itself
     * @throws IllegalArgumentException if there is no such module
     */
    public Row row(String path) {
        return rows.stream()
                .filter(r -> r.module().path().equals(path))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no module '" + path + "': there are "
                        + rows.stream().map(r -> r.module().path()).toList()));
    }

    /**
     * Returns only the rows down to a depth. They still count the modules below them.
     *
     * @param depth 0 for the model itself, 1 for its children too, and so on
     * @throws IllegalArgumentException if {@code depth} is negative
     */
    public Summary limitedTo(int depth) {
        if (depth < 0) {
            throw new IllegalArgumentException("depth is " + depth + ", but the model itself has depth 0");
        }
        return new Summary(
                rows.stream().filter(r -> r.module().depth() <= depth).toList(), inputBytes);
    }

    /** Returns a table of the rows, followed by the totals. */
    @Override
    public String toString() {
        TextTable table = new TextTable()
                .words("layer")
                .words("class")
                .words("output shape")
                .numbers("parameters")
                .numbers("trainable")
                .numbers("multiply-adds")
                .numbers("memory");
        for (Row row : rows) {
            ModuleSummary.Row module = row.module();
            table.row(
                    Paths.label(module.path()),
                    module.className(),
                    shape(row),
                    TextTable.count(module.parameters()),
                    TextTable.count(module.trainable()),
                    TextTable.count(row.multiplyAdds()),
                    TextTable.bytes(row.activationBytes()));
        }
        ModuleSummary.Row module = total().module();
        long all = inputBytes + module.parameterBytes() + module.bufferBytes() + total().activationBytes();
        return table + "\n\n"
                + new ModuleSummary(List.of(module)).totals()
                + "\ninput: " + TextTable.bytes(inputBytes)
                + "; activations: " + TextTable.bytes(total().activationBytes())
                + "; all together: " + TextTable.bytes(all)
                + "\nmultiply-adds: " + TextTable.count(total().multiplyAdds());
    }

    private static String shape(Row row) {
        if (row.calls() == 0) {
            return "not called";
        }
        String shapes = row.outputShapes().stream().map(List::toString).collect(Collectors.joining(", "));
        return row.calls() == 1 ? shapes : shapes + " x" + row.calls();
    }
}
