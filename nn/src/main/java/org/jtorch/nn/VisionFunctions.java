package org.jtorch.nn;

import org.jtorch.Tensor;

/** Padding and other functions for images of {@link F}. */
abstract class VisionFunctions extends SparseFunctions {

    VisionFunctions() {}

    /** {@link #pad(Tensor, long[], Number)} with zeros. */
    public static Tensor pad(Tensor input, long... pad) {
        return pad(input, pad, 0.0);
    }

    /**
     * A constant around a tensor's edges.
     *
     * @param input any shape
     * @param pad before and behind, two numbers a dimension from the last one on; negative ones cut away
     * @param value the constant
     */
    public static Tensor pad(Tensor input, long[] pad, Number value) {
        return input.constantPadNd(pad, value);
    }

    /**
     * A tensor's edges padded by itself.
     *
     * @param input (N, C, L), (N, C, H, W), (N, C, D, H, W), or without N
     * @param pad before and behind, two numbers a dimension from the last one on
     * @param mode with what; {@link PaddingMode#ZEROS} takes an input of any shape
     */
    public static Tensor pad(Tensor input, long[] pad, PaddingMode mode) {
        return mode == PaddingMode.ZEROS ? pad(input, pad, 0.0) : input.pad(pad, mode.engineName(), null);
    }
}
