package org.jtorch.nn;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.internal.text.TextTable;

/**
 * What a module is made of: a row for itself and each module below it, parents first, a shared one once.
 *
 * <p>A row counts what stands in its module and below, a shared parameter once, so that the first row has the totals.
 *
 * @param rows the modules
 */
public record ModuleSummary(List<Row> rows) {

    /**
     * One module.
     *
     * @param path its dotted name, empty for the module that was asked
     * @param className its class, as {@link Module#className()} tells it
     * @param parameters how many numbers its parameters and those below it hold
     * @param trainable how many of them require grad
     * @param parameterBytes the bytes of its parameters and those below it
     * @param bufferBytes the bytes of its buffers and those below it
     * @param uninitialized how many parameters and buffers there or below have no shape yet, and so count nothing
     */
    public record Row(
            String path,
            String className,
            long parameters,
            long trainable,
            long parameterBytes,
            long bufferBytes,
            int uninitialized) {

        /** How far below the module that was asked: 0 for that one itself. */
        public int depth() {
            return path.isEmpty()
                    ? 0
                    : 1 + (int) path.chars().filter(c -> c == '.').count();
        }
    }

    /** Keeps a copy of the list. */
    public ModuleSummary {
        rows = List.copyOf(rows);
    }

    /** Returns the summary of a module. */
    static ModuleSummary of(Module<?, ?> model) {
        List<Row> rows = new ArrayList<>();
        for (Named<Module<?, ?>> named : model.namedModules()) {
            rows.add(row(named.name(), named.value()));
        }
        return new ModuleSummary(rows);
    }

    private static Row row(String path, Module<?, ?> module) {
        long parameters = 0;
        long trainable = 0;
        long parameterBytes = 0;
        long bufferBytes = 0;
        int uninitialized = 0;
        for (Parameter parameter : module.parameters()) {
            if (parameter.isUninitialized()) {
                uninitialized++;
            } else {
                parameters += parameter.numel();
                trainable += parameter.requiresGrad() ? parameter.numel() : 0;
                parameterBytes += parameter.nbytes();
            }
        }
        for (Tensor buffer : module.buffers()) {
            if (buffer.isUninitialized()) {
                uninitialized++;
            } else {
                bufferBytes += buffer.nbytes();
            }
        }
        return new Row(path, module.className(), parameters, trainable, parameterBytes, bufferBytes, uninitialized);
    }

    /** Returns the row of the module that was asked, with the totals. */
    public Row total() {
        return rows.get(0);
    }

    /**
     * Returns only the rows down to a depth; they count what is below them still.
     *
     * @param depth 0: the module itself, 1: and its children, …
     * @throws IllegalArgumentException if it is negative
     */
    public ModuleSummary limitedTo(int depth) {
        if (depth < 0) {
            throw new IllegalArgumentException("depth is " + depth + ", but the module itself has depth 0");
        }
        return new ModuleSummary(rows.stream().filter(r -> r.depth() <= depth).toList());
    }

    /** Returns a table of the rows, and the totals below it. */
    @Override
    public String toString() {
        TextTable table = new TextTable()
                .words("layer")
                .words("class")
                .numbers("parameters")
                .numbers("trainable");
        for (Row row : rows) {
            table.row(
                    row.path().isEmpty() ? "(model)" : row.path(),
                    row.className(),
                    TextTable.count(row.parameters()),
                    TextTable.count(row.trainable()));
        }
        return table + "\n\n" + totals();
    }

    /** Returns the totals in one line. */
    public String totals() {
        Row total = total();
        String unknown = total.uninitialized() == 0 ? "" : "; " + total.uninitialized() + " of unknown shape";
        return "parameters: " + TextTable.count(total.parameters()) + " (" + TextTable.count(total.trainable())
                + " trainable), " + TextTable.bytes(total.parameterBytes()) + "; buffers: "
                + TextTable.bytes(total.bufferBytes()) + unknown;
    }
}
