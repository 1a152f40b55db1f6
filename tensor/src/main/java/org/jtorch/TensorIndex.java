package org.jtorch;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the indices between the brackets of Python's {@code x[…]}, for {@link Tensor#index} and {@link
 * Tensor#indexPut_}. With a static import of this type's methods:
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
     * Python's {@code i}: one place of a dimension, which goes away.
     *
     * @param index the place; negative counts from the end
     */
    record At(long index) implements TensorIndex {}

    /**
     * Python's {@code start:end:step}.
     *
     * @param start first place, null for 0; negative counts from the end
     * @param end the place after the last, null for the dimension's end; negative counts from the end
     * @param step steps, at least 1
     */
    record Slice(@Nullable Long start, @Nullable Long end, long step) implements TensorIndex {

        /** All of a dimension. */
        static final Slice ALL = new Slice(null, null, 1);

        /** Checks the step. */
        public Slice {
            if (step < 1) {
                throw new IllegalArgumentException(
                        "step must be greater than zero, not " + step + "; flip() turns a dimension over");
            }
        }
    }

    /** Python's {@code ...}: as many whole dimensions as are left over. */
    record Ellipsis() implements TensorIndex {
        static final Ellipsis INSTANCE = new Ellipsis();
    }

    /** Python's {@code None}: a new dimension of size 1. */
    record NewAxis() implements TensorIndex {
        static final NewAxis INSTANCE = new NewAxis();
    }

    /** Python's {@code True} or {@code False}: a new dimension of size 1 or 0. */
    record Truth(boolean value) implements TensorIndex {}

    /** Indices (integers) or a mask (bool) over one dimension or, a mask, several. */
    record Places(Tensor tensor) implements TensorIndex {}

    /** Python's {@code i}. */
    static TensorIndex at(long index) {
        return new At(index);
    }

    /** Python's {@code :}. */
    static TensorIndex slice() {
        return Slice.ALL;
    }

    /** Python's {@code start:}. */
    static TensorIndex slice(long start) {
        return new Slice(start, null, 1);
    }

    /** Python's {@code start:end}. */
    static TensorIndex slice(long start, long end) {
        return new Slice(start, end, 1);
    }

    /** Python's {@code start:end:step}. */
    static TensorIndex slice(long start, long end, long step) {
        return new Slice(start, end, step);
    }

    /** Python's {@code start:end}, where null leaves an end out. */
    static TensorIndex slice(@Nullable Number start, @Nullable Number end) {
        return slice(start, end, 1);
    }

    /** Python's {@code start:end:step}, where null leaves an end out. */
    static TensorIndex slice(@Nullable Number start, @Nullable Number end, long step) {
        return new Slice(
                start == null ? null : (Long) start.longValue(), end == null ? null : (Long) end.longValue(), step);
    }

    /** Python's {@code ...}. */
    static TensorIndex ellipsis() {
        return Ellipsis.INSTANCE;
    }

    /** Python's {@code None}. */
    static TensorIndex none() {
        return NewAxis.INSTANCE;
    }

    /** Python's {@code None}, under NumPy's name. */
    static TensorIndex newAxis() {
        return NewAxis.INSTANCE;
    }

    /** Python's {@code True} or {@code False}. */
    static TensorIndex bool(boolean value) {
        return new Truth(value);
    }

    /** A tensor of integers, or of bool as a mask. */
    static TensorIndex tensor(Tensor tensor) {
        return new Places(Objects.requireNonNull(tensor, "tensor"));
    }

    /** A list of integers: Python's {@code [0, 2]}. */
    static TensorIndex list(long... indices) {
        return new Places(Torch.tensor(indices));
    }
}
