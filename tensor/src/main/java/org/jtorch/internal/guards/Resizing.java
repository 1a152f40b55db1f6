package org.jtorch.internal.guards;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Factors of a resizing: the engine computes places in the input from them, without a look at its size. */
public final class Resizing {

    private Resizing() {}

    /**
     * Refuses a factor that does not lead from the input's size to the output's. One that is not positive is no factor for the
     * engine, which then takes the ratio of the sizes.
     *
     * @param input its last dimensions are the spatial ones
     * @param outputSize one size for each spatial dimension
     * @param factors one for each spatial dimension, or null
     * @throws IllegalArgumentException if one does not
     */
    public static void check(Tensor input, long[] outputSize, @Nullable Number... factors) {
        int dims = factors.length;
        if (outputSize.length != dims || input.dim() < dims) {
            return; // the engine refuses it
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
