package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.RangeConstraint;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.export.internal.symbols.Expression;

/** Compares the sizes of a program's inputs with those for which it was exported. */
public final class InputCheck {

    /** A dimension of an input: an expression of symbols. */
    private record Dimension(int leaf, int dim, Expression size) {}

    /** A dimension of an input that always has the same size. */
    private record FixedDimension(int leaf, int dim, long size) {}

    private final List<String> names;
    private final List<@Nullable Integer> dims;
    private final List<@Nullable Integer> dtypes = new ArrayList<>();

    /** Dimensions that depend on symbols. */
    private final List<Dimension> dimensions = new ArrayList<>();

    /** Dimensions whose size is a number, which are most. */
    private final List<FixedDimension> fixed = new ArrayList<>();

    private final Map<String, RangeConstraint> ranges;

    /**
     * Creates the check.
     *
     * @param names the names of the inputs, for messages
     * @param metas what is known of each input; null for one that is not a tensor
     */
    public InputCheck(Program program, List<String> names, List<@Nullable TensorMeta> metas) {
        this.names = names;
        this.ranges = program.rangeConstraints();
        this.dims = new ArrayList<>();
        for (int i = 0; i < metas.size(); i++) {
            TensorMeta meta = metas.get(i);
            dims.add(meta == null ? null : meta.sizes().size());
            dtypes.add(meta == null ? null : meta.dtype());
            for (int d = 0; meta != null && d < meta.sizes().size(); d++) {
                if (meta.sizes().get(d) instanceof SymInt.Known known) {
                    fixed.add(new FixedDimension(i, d, known.value()));
                } else {
                    SymInt.Expression size = (SymInt.Expression) meta.sizes().get(d);
                    dimensions.add(
                            new Dimension(i, d, Expression.parse(size.value().exprStr())));
                }
            }
        }
    }

    /**
     * Checks the inputs.
     *
     * @throws IllegalArgumentException if one is no tensor, or has another size than the program allows
     */
    public void check(List<? extends @Nullable Object> leaves) {
        for (int i = 0; i < dims.size(); i++) {
            Integer wanted = dims.get(i);
            if (wanted == null) {
                continue;
            }
            if (!(leaves.get(i) instanceof Tensor tensor)) {
                throw new IllegalArgumentException("input '" + names.get(i) + "' must be a tensor, but is "
                        + (leaves.get(i) == null
                                ? "null"
                                : leaves.get(i).getClass().getSimpleName()));
            }
            if (tensor.dim() != wanted) {
                throw new IllegalArgumentException(
                        "input '" + names.get(i) + "' has shape " + Arrays.toString(tensor.shape()) + " of "
                                + tensor.dim() + " dimensions, but the program takes " + wanted);
            }
        }
        for (FixedDimension dimension : fixed) {
            long size = ((Tensor) leaves.get(dimension.leaf)).size(dimension.dim);
            if (size != dimension.size) {
                throw wrong(dimension.leaf, dimension.dim, size, "must be " + dimension.size);
            }
        }
        if (dimensions.isEmpty()) {
            return;
        }
        Map<String, Long> symbols = new HashMap<>();
        List<Dimension> later = new ArrayList<>();
        for (Dimension dimension : dimensions) {
            if (!fits(dimension, size(dimension, leaves), symbols)) {
                later.add(dimension);
            }
        }
        for (Dimension dimension : later) {
            fits(dimension, size(dimension, leaves), symbols);
        }
    }

    /**
     * Checks the dtypes of the tensors.
     *
     * @throws IllegalArgumentException if one is not that with which the program was exported
     */
    void checkDTypes(List<? extends @Nullable Object> leaves) {
        for (int i = 0; i < dtypes.size(); i++) {
            Integer number = dtypes.get(i);
            DType wanted = number == null ? null : SchemaTypes.dtype(number);
            if (wanted != null && leaves.get(i) instanceof Tensor tensor && tensor.dtype() != wanted) {
                throw new IllegalArgumentException("input '" + names.get(i) + "' has dtype " + tensor.dtype()
                        + ", but the program was compiled for " + wanted + ": convert it with to(dtype), or export the"
                        + " program with inputs of that dtype");
            }
        }
    }

    private static long size(Dimension dimension, List<? extends @Nullable Object> leaves) {
        return ((Tensor) leaves.get(dimension.leaf)).size(dimension.dim);
    }

    /**
     * Returns whether the size was compared. It is not if the expression has several symbols whose values are not known yet. A
     * symbol without a value gets it here.
     */
    private boolean fits(Dimension dimension, long size, Map<String, Long> symbols) {
        Set<String> unknown = new LinkedHashSet<>(dimension.size.symbols());
        unknown.removeAll(symbols.keySet());
        if (unknown.size() > 1) {
            return false;
        }
        if (unknown.isEmpty()) {
            Double wanted = dimension.size.value(symbols);
            if (wanted != null && wanted != size) {
                throw wrong(
                        dimension,
                        size,
                        "must be "
                                + (dimension.size instanceof Expression.Constant
                                        ? dimension.size.toString()
                                        : dimension.size + " = " + wanted.longValue()));
            }
            return true;
        }
        String symbol = unknown.iterator().next();
        Long value = dimension.size.solve(symbol, size, symbols);
        if (value == null) {
            throw wrong(dimension, size, "must be " + dimension.size);
        }
        RangeConstraint range = ranges.get(symbol);
        if (range != null && !range.contains(value)) {
            boolean plain = dimension.size instanceof Expression.Symbol;
            throw wrong(
                    dimension, size, "must be " + (plain ? range : dimension.size + " with " + symbol + " " + range));
        }
        symbols.put(symbol, value);
        return true;
    }

    private IllegalArgumentException wrong(Dimension dimension, long size, String wanted) {
        return wrong(dimension.leaf, dimension.dim, size, wanted);
    }

    private IllegalArgumentException wrong(int leaf, int dim, long size, String wanted) {
        return new IllegalArgumentException("input '" + names.get(leaf) + "' has size " + size
                + " in dimension " + dim + ", but it " + wanted
                + "; export the program with a dynamic dimension, or with another range, to allow it");
    }
}
