package org.jtorch.internal.guards;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** The two parts of a normalised weight, whose shapes the engine takes for granted. */
public final class WeightNorms {

    private WeightNorms() {}

    /**
     * Refuses a length that does not go with the direction.
     *
     * @param v the direction
     * @param g the length: 1 in all dimensions but {@code dim}
     * @throws IllegalArgumentException if shape or dtype do not fit
     */
    public static void check(Tensor v, Tensor g, long dim) {
        if (v.numel() == 0) {
            throw new IllegalArgumentException("v has no elements");
        }
        long[] expected = new long[(int) v.dim()];
        if (dim < -1 || dim >= Math.max(expected.length, 1)) {
            throw new IllegalArgumentException(
                    "dim is " + dim + ", but v has " + expected.length + " dimensions; -1 is over all");
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
            throw new IllegalArgumentException("v and g must have one dtype");
        }
    }
}
