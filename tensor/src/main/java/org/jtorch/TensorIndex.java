package org.jtorch;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the indices between the brackets of Python's {@code x[…]}, for {@link Tensor#index} and {@link Tensor#indexPut_}.
 * With a static import of the methods of this interface:
 *
 * <pre>{@code
 * x.index(at(0), slice(1, -1))            // x[0, 1:-1]
 * x.index(ellipsis(), slice(null, null, 2))   // x[..., ::2]
 * x.index(tensor(rows), none())           // x[rows, None]
 * x.indexPut_(0, tensor(x.lt(0)))         // x[x < 0] = 0
 * }</pre>
 */
public sealed interface TensorIndex {

    /**
     * Python's {@code i}: one index of a dimension. The result does not have this dimension.
     *
     * @param index the index; a negative one counts from the end
     */
    record At(long index) implements TensorIndex {}

    /**
     * Python's {@code start:end:step}.
     *
     * @param start the first index, or null for 0; a negative one counts from the end
     * @param end the index after the last, or null for the end of the dimension; a negative one counts from the end
     * @param step the distance between indices, at least 1
     */
    record Slice(@Nullable Long start, @Nullable Long end, long step) implements TensorIndex {

        /** All indices of a dimension. */
        static final Slice ALL = new Slice(null, null, 1);

        /** Creates a slice. */
        public Slice {
            if (step < 1) {
                throw new IllegalArgumentException(
                        "step must be greater than zero, not " + step + "; flip() reverses a dimension");
            }
        }
    }

    /** Python's {@code ...}: all indices of the remaining dimensions. */
    record Ellipsis() implements TensorIndex {
        static final Ellipsis INSTANCE = new Ellipsis();
    }

    /** Python's {@code None}: a new dimension of size 1. */
    record NewAxis() implements TensorIndex {
        static final NewAxis INSTANCE = new NewAxis();
    }

    /** Python's {@code True} or {@code False}: a new dimension of size 1 or 0. */
    record Truth(boolean value) implements TensorIndex {}

    /** Indices (integers) over one dimension, or a mask (bool) over one or several. */
    record Places(Tensor tensor) implements TensorIndex {}

    /** Returns Python's {@code i}. */
    static TensorIndex at(long index) {
        return new At(index);
    }

    /** Returns Python's {@code :}. */
    static TensorIndex slice() {
        return Slice.ALL;
    }

    /** Returns Python's {@code start:}. */
    static TensorIndex slice(long start) {
        return new Slice(start, null, 1);
    }

    /** Returns Python's {@code start:end}. */
    static TensorIndex slice(long start, long end) {
        return new Slice(start, end, 1);
    }

    /** Returns Python's {@code start:end:step}. */
    static TensorIndex slice(long start, long end, long step) {
        return new Slice(start, end, step);
    }

    /** Returns Python's {@code start:end}. If a bound is null, it is left out. */
    static TensorIndex slice(@Nullable Number start, @Nullable Number end) {
        return slice(start, end, 1);
    }

    /** Returns Python's {@code start:end:step}. If a bound is null, it is left out. */
    static TensorIndex slice(@Nullable Number start, @Nullable Number end, long step) {
        return new Slice(
                start == null ? null : (Long) start.longValue(), end == null ? null : (Long) end.longValue(), step);
    }

    /** Returns Python's {@code ...}. */
    static TensorIndex ellipsis() {
        return Ellipsis.INSTANCE;
    }

    /** Returns Python's {@code None}. */
    static TensorIndex none() {
        return NewAxis.INSTANCE;
    }

    /** Returns Python's {@code None}, under NumPy's name. */
    static TensorIndex newAxis() {
        return NewAxis.INSTANCE;
    }

    /** Returns Python's {@code True} or {@code False}. */
    static TensorIndex bool(boolean value) {
        return new Truth(value);
    }

    /** Returns a tensor of integers as indices, or a tensor of bool as a mask. */
    static TensorIndex tensor(Tensor tensor) {
        return new Places(Objects.requireNonNull(tensor, "tensor"));
    }

    /** Returns a list of integers as indices: Python's {@code [0, 2]}. */
    static TensorIndex list(long... indices) {
        return new Places(Torch.tensor(indices));
    }
}
