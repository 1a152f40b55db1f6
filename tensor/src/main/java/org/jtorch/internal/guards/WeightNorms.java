package org.jtorch.internal.guards;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Checks the two parts of a normalized weight, whose shapes the engine does not check. */
public final class WeightNorms {

    private WeightNorms() {}

    /**
     * Refuses a length that does not fit the direction.
     *
     * @param v the direction
     * @param g the length; its size is 1 in all dimensions except {@code dim}
     * @throws IllegalArgumentException if the shape or the dtype does not fit
     */
    public static void check(Tensor v, Tensor g, long dim) {
        if (v.numel() == 0) {
            throw new IllegalArgumentException("v has no elements");
        }
        long[] expected = new long[(int) v.dim()];
        if (dim < -1 || dim >= Math.max(expected.length, 1)) {
            throw new IllegalArgumentException(
                    "dim is " + dim + ", but v has " + expected.length + " dimensions; -1 means all of them");
        }
        Arrays.fill(expected, 1);
        if (dim >= 0 && expected.length > 0) {
            expected[(int) dim] = v.size(dim);
        }
        long[] actual = new long[(int) g.dim()];
        for (int i = 0; i < actual.length; i++) {
            actual[i] = g.size(i);
        }
        boolean single = dim == -1 && g.numel() == 1;
        if (!single && !Arrays.equals(expected, actual)) {
            throw new IllegalArgumentException(
                    "g has the shape " + Arrays.toString(actual) + ", but must have " + Arrays.toString(expected));
        }
        if (v.scalar_type().value != g.scalar_type().value) {
            throw new IllegalArgumentException("v and g must have the same dtype");
        }
    }
}
