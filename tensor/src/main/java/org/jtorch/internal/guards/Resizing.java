package org.jtorch.internal.guards;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Checks the factors of a resizing. The engine computes positions in the input from them, without a check of its size. */
public final class Resizing {

    private Resizing() {}

    /**
     * Refuses a factor that does not lead from the size of the input to that of the output. A factor that is not positive
     * is ignored by the engine, which then uses the ratio of the sizes.
     *
     * @param input its last dimensions are the spatial ones
     * @param outputSize a size for each spatial dimension
     * @param factors a factor for each spatial dimension, or null
     * @throws IllegalArgumentException if a factor is refused
     */
    public static void check(Tensor input, long[] outputSize, @Nullable Number... factors) {
        int dims = factors.length;
        if (outputSize.length != dims || input.dim() < dims) {
            return; // the engine refuses this
        }
        for (int i = 0; i < dims; i++) {
            Number factor = factors[i];
            if (factor == null || !(factor.doubleValue() > 0)) {
                continue;
            }
            double expected = input.size(input.dim() - dims + i) * factor.doubleValue();
            if (!(Math.abs(expected - outputSize[i]) <= 1)) {
                throw new IllegalArgumentException("the factor " + factor + " does not make output_size "
                        + Arrays.toString(outputSize) + " of a size of " + input.size(input.dim() - dims + i));
            }
        }
    }
}
