package org.jtorch.nn.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.text.PythonText;
import org.jtorch.internal.text.TextTable;
import org.jtorch.nn.internal.ElementDistance;
import org.jtorch.nn.internal.TensorPieces;

/**
 * The differences between two state dicts, or between a file and a model. {@link #toString} formats them as a table.
 *
 * @param rows the differences: first the keys of the left side in its order, then those that only the right side has
 * @param same the number of entries that are equal on both sides
 * @see StateDict#diff(StateDict)
 */
public record StateDictDiff(List<Row> rows, int same) {

    /** How two entries differ. If several apply, the first one is used. */
    public enum Kind {
        /** Only the left side has the key. */
        ONLY_LEFT,
        /** Only the right side has the key. */
        ONLY_RIGHT,
        /** The shapes differ. */
        SHAPE,
        /** The dtypes differ, and perhaps the values. */
        DTYPE,
        /** The values differ. */
        VALUE
    }

    /**
     * One difference.
     *
     * @param key the key
     * @param kind how the two sides differ
     * @param left the left side: shape and dtype of a tensor, or the text of another value; null if it has none
     * @param right the right side, in the same form
     * @param maxDifference the greatest distance between two elements, NaN if one of them is NaN; null if it cannot be computed
     */
    public record Row(
            String key,
            Kind kind,
            @Nullable String left,
            @Nullable String right,
            @Nullable Double maxDifference) {

        private String text() {
            return switch (kind) {
                case ONLY_LEFT -> "only left";
                case ONLY_RIGHT -> "only right";
                case SHAPE -> "shape";
                case DTYPE -> "dtype" + distance();
                case VALUE -> "value" + distance();
            };
        }

        private String distance() {
            return maxDifference == null ? "" : String.format(Locale.ROOT, ", by %.3g at most", maxDifference);
        }
    }

    /** Returns whether there are no differences. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Returns the rows of one kind. */
    public List<Row> rows(Kind kind) {
        return rows.stream().filter(row -> row.kind == kind).toList();
    }

    static StateDictDiff between(StateDict left, StateDict right) {
        List<Row> rows = new ArrayList<>();
        int same = 0;
        try (GradMode mode = Autograd.noGrad()) {
            for (Map.Entry<String, @Nullable Object> entry : left.entries().entrySet()) {
                String key = entry.getKey();
                Object value = entry.getValue();
                if (!right.entries().containsKey(key)) {
                    rows.add(new Row(key, Kind.ONLY_LEFT, form(value), null, null));
                    continue;
                }
                Row row = compare(key, value, right.entries().get(key));
                if (row == null) {
                    same++;
                } else {
                    rows.add(row);
                }
            }
        }
        right.entries().forEach((key, value) -> {
            if (!left.entries().containsKey(key)) {
                rows.add(new Row(key, Kind.ONLY_RIGHT, null, form(value), null));
            }
        });
        return new StateDictDiff(List.copyOf(rows), same);
    }

    private static @Nullable Row compare(String key, @Nullable Object left, @Nullable Object right) {
        if (!(left instanceof Tensor a) || !(right instanceof Tensor b)) {
            return isSame(left, right) ? null : new Row(key, Kind.VALUE, form(left), form(right), null);
        }
        if (a.isUninitialized() || b.isUninitialized()) {
            boolean both = a.isUninitialized() && b.isUninitialized();
            return both ? null : new Row(key, Kind.SHAPE, form(a), form(b), null);
        }
        if (!Arrays.equals(a.shape(), b.shape())) {
            return new Row(key, Kind.SHAPE, form(a), form(b), null);
        }
        boolean values = !a.isMeta() && !b.isMeta();
        if (a.dtype() != b.dtype()) {
            return new Row(key, Kind.DTYPE, form(a), form(b), values ? distance(a, b) : null);
        }
        Double distance = values ? distance(a, b) : Double.valueOf(0);
        return distance != null && distance == 0 ? null : new Row(key, Kind.VALUE, form(a), form(b), distance);
    }

    /** Returns whether two values of extra state are equal. Arrays, and tensors in maps and lists, are compared by content. */
    private static boolean isSame(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Tensor && right instanceof Tensor) {
            return compare("", left, right) == null;
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return a == b
                    || a.keySet().equals(b.keySet())
                            && a.entrySet().stream().allMatch(entry -> isSame(entry.getValue(), b.get(entry.getKey())));
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return a == b
                    || a.size() == b.size() && IntStream.range(0, a.size()).allMatch(i -> isSame(a.get(i), b.get(i)));
        }
        return Objects.deepEquals(left, right);
    }

    /**
     * Returns the greatest distance of two elements. NaN at the same place of both, and the same infinity, are not a
     * difference.
     */
    private static @Nullable Double distance(Tensor a, Tensor b) {
        if (a.layout() != Layout.STRIDED || b.layout() != Layout.STRIDED) {
            return SparseDistance.of(a.detach(), b.detach(), (x, y) -> Objects.requireNonNullElse(distance(x, y), 1.0));
        }
        if (a.device().equals(Device.CPU) && b.device().equals(Device.CPU) && a.isComplex() == b.isComplex()) {
            ElementDistance found = ElementDistance.of(a.detach(), b.detach(), 0, 0, read -> {});
            return found.isNumber() || found.most() == 0 ? found.most() : null;
        }
        double[] most = {0};
        TensorPieces.visit(a.detach(), b.detach(), (x, y) -> {
            most[0] = Math.max(most[0], distanceOfPieces(x, y));
            return !Double.isNaN(most[0]);
        });
        return most[0];
    }

    private static double distanceOfPieces(Tensor a, Tensor b) {
        if (a.numel() == 0 || (a.dtype() == b.dtype() && a.device().equals(b.device()) && a.equal(b))) {
            return 0;
        }
        DType wide = a.isComplex() || b.isComplex() ? DType.COMPLEX128 : DType.FLOAT64;
        Tensor x = a.cpu().to(wide);
        Tensor y = b.cpu().to(wide);
        Tensor same = x.eq(y).logicalOr(x.isnan().logicalAnd(y.isnan()));
        return Torch.where(same, 0.0, x.sub(y).abs()).max().item();
    }

    private static String form(@Nullable Object value) {
        if (value instanceof Tensor tensor) {
            return (tensor.isUninitialized() ? "uninitialized" : PythonText.tuple(tensor.shape())) + " "
                    + tensor.dtype().torchName();
        }
        String text = value instanceof byte[] bytes
                ? bytes.length + (bytes.length == 1 ? " byte" : " bytes")
                : String.valueOf(value);
        return text.length() > 40 ? text.substring(0, 39) + "…" : text;
    }

    /** Returns a table with the key, the left side, the right side and the difference, followed by the counts. */
    @Override
    public String toString() {
        String counts = same + " the same, " + rows.size() + " different";
        if (rows.isEmpty()) {
            return counts;
        }
        TextTable table =
                new TextTable().words("key").words("left").words("right").words("difference");
        for (Row row : rows) {
            table.row(row.key, row.left == null ? "-" : row.left, row.right == null ? "-" : row.right, row.text());
        }
        return table + "\n" + counts;
    }
}
