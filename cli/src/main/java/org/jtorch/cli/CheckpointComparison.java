package org.jtorch.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.internal.ElementDistance;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictDiff;
import org.jtorch.serialize.format.TensorInfo;

/** Compares two checkpoints by their keys, and continues if a value cannot be compared. */
final class CheckpointComparison {

    /**
     * The result of a comparison.
     *
     * @param diff the differences, and the number of equal entries
     * @param unknown the keys that could not be compared, each with the reason
     */
    record Result(StateDictDiff diff, Map<String, String> unknown) {

        /** Returns the same result for two files that have the same bytes, for which nothing remains to be compared. */
        Result ofEqualFiles() {
            return new Result(new StateDictDiff(diff.rows(), diff.same() + unknown.size()), Map.of());
        }
    }

    /** A value that is not a tensor, in the form in which the library compares and shows it. */
    private record Shown(@Nullable Object value) {

        private static final int MOST = 80;

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Shown shown && ValueComparison.same(value, shown.value);
        }

        @Override
        public int hashCode() {
            return 0; // It is not used.
        }

        @Override
        public String toString() {
            return ValueText.of(value, MOST);
        }
    }

    private final double rtol;
    private final double atol;
    private final List<StateDictDiff.Row> rows = new ArrayList<>();
    private final Map<String, String> unknown = new LinkedHashMap<>();
    private int same;

    private CheckpointComparison(double rtol, double atol) {
        this.rtol = rtol;
        this.atol = atol;
    }

    /** Compares {@code left} and {@code right}. Values a and b are equal if {@code |a - b| <= atol + rtol * |b|}. */
    static Result of(Map<String, ?> left, Map<String, ?> right, double rtol, double atol, ReadProgress progress) {
        CheckpointComparison comparison = new CheckpointComparison(rtol, atol);
        left.forEach((key, value) -> {
            if (right.containsKey(key)) {
                LongConsumer read = progress.next(key, nbytes(value));
                comparison.add(key, value, right.get(key), read);
            } else {
                comparison.rows.addAll(one(key, value).diff(new StateDict()).rows());
            }
        });
        right.forEach((key, value) -> {
            if (!left.containsKey(key)) {
                comparison.rows.addAll(new StateDict().diff(one(key, value)).rows());
            }
        });
        return new Result(new StateDictDiff(comparison.rows, comparison.same), comparison.unknown);
    }

    /** Returns the size of a tensor's elements in bytes; 0 for any other value. */
    static long nbytes(@Nullable Object value) {
        return value instanceof Tensor tensor && !tensor.isUninitialized()
                ? tensor.numel() * tensor.dtype().itemSize()
                : 0;
    }

    private void add(String key, @Nullable Object left, @Nullable Object right, LongConsumer read) {
        try {
            StateDictDiff.Row row = left instanceof Tensor a && right instanceof Tensor b && isDense(a, b)
                    ? dense(key, a, b, read)
                    : other(key, left, right);
            if (row == null) {
                same++;
            } else {
                rows.add(row);
            }
            // For an unusual tensor, the engine may throw any exception. The others should still be shown.
        } catch (RuntimeException e) {
            unknown.put(key, Reasons.of(e));
        }
    }

    /** Returns whether two tensors can be compared by their memory. */
    private static boolean isDense(Tensor a, Tensor b) {
        return isDense(a) && isDense(b) && a.dtype() == b.dtype() && Arrays.equals(a.shape(), b.shape());
    }

    private static boolean isDense(Tensor tensor) {
        return !tensor.isUninitialized()
                && tensor.layout() == Layout.STRIDED
                && !tensor.isMeta()
                && tensor.device().equals(Device.CPU);
    }

    private StateDictDiff.@Nullable Row dense(String key, Tensor a, Tensor b, LongConsumer read) {
        ElementDistance found = ElementDistance.of(a.detach(), b.detach(), rtol, atol, read);
        if (found.near()) {
            return null;
        }
        String form = PythonText.tuple(a.shape()) + " " + a.dtype().torchName();
        return new StateDictDiff.Row(key, StateDictDiff.Kind.VALUE, form, form, found.isNumber() ? found.most() : null);
    }

    private StateDictDiff.@Nullable Row other(String key, @Nullable Object left, @Nullable Object right) {
        if (left instanceof TensorInfo a && right instanceof TensorInfo b && isLike(a, b)) {
            throw new UnsupportedOperationException("elements of " + a.typeName() + " cannot be read");
        }
        List<StateDictDiff.Row> found = one(key, left).diff(one(key, right)).rows();
        return found.isEmpty() || isNear(left, right, found.get(0)) ? null : found.get(0);
    }

    private boolean isNear(@Nullable Object left, @Nullable Object right, StateDictDiff.Row row) {
        if (left instanceof Double a && right instanceof Double b) {
            double distance = Math.abs(a - b);
            return distance <= atol + rtol * Math.abs(b) && distance < Double.POSITIVE_INFINITY;
        }
        // For sparse tensors, the elements at the same place are not known, so rtol, which only increases the
        // tolerance, is not
        // used.
        Double distance = row.maxDifference();
        return row.kind() == StateDictDiff.Kind.VALUE && distance != null && distance <= atol;
    }

    /** Returns whether two tensors that cannot be loaded may be equal. */
    private static boolean isLike(TensorInfo a, TensorInfo b) {
        return a.typeName().equals(b.typeName()) && Arrays.equals(a.shape(), b.shape());
    }

    private static StateDict one(String key, @Nullable Object value) {
        StateDict state = new StateDict();
        state.putEntry(key, value instanceof Tensor ? value : new Shown(value));
        return state;
    }
}
