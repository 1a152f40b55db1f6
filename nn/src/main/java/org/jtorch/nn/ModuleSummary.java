package org.jtorch.nn;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.internal.text.TextTable;

/**
 * The parameters of a module: a row for the module itself and for each module below it, parents first, a shared module once.
 *
 * <p>A row counts the parameters of its module and of the modules below it, a shared parameter once. The first row therefore
 * holds the totals.
 *
 * @param rows the modules
 */
public record ModuleSummary(List<Row> rows) {

    /**
     * The counts of one module.
     *
     * @param path the dotted name; empty for the module that the summary is of
     * @param className the class, as {@link Module#className()} returns it
     * @param parameters the number of elements of its parameters, including those of the modules below
     * @param trainable the number of those elements whose parameters require grad
     * @param parameterBytes the size of its parameters in bytes, including those of the modules below
     * @param bufferBytes the size of its buffers in bytes, including those of the modules below
     * @param uninitialized the number of parameters and buffers here and below that have no shape yet, and so are not counted
     */
    public record Row(
            String path,
            String className,
            long parameters,
            long trainable,
            long parameterBytes,
            long bufferBytes,
            int uninitialized) {

        /** Returns how far the module is below the one that the summary is of: 0 for that module itself. */
        public int depth() {
            return path.isEmpty()
                    ? 0
                    : 1 + (int) path.chars().filter(c -> c == '.').count();
        }
    }

    /** Creates a summary of a copy of the list. */
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

    /** Returns the row of the module that the summary is of, which holds the totals. */
    public Row total() {
        return rows.get(0);
    }

    /**
     * Returns only the rows down to a depth. They still count the modules below them.
     *
     * @param depth 0 for the module itself, 1 for its children too, and so on
     * @throws IllegalArgumentException if {@code depth} is negative
     */
    public ModuleSummary limitedTo(int depth) {
        if (depth < 0) {
            throw new IllegalArgumentException("depth is " + depth + ", but the module itself has depth 0");
        }
        return new ModuleSummary(rows.stream().filter(r -> r.depth() <= depth).toList());
    }

    /** Returns a table of the rows, followed by the totals. */
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
