package org.jtorch.nn.linear;

import java.util.function.Consumer;

/**
 * The {@link Linear} that {@link org.jtorch.nn.activation.MultiheadAttention} uses as its output projection. PyTorch gives it
 * this name because its weight is read without calling the layer.
 */
public class NonDynamicallyQuantizableLinear extends Linear {

    /**
     * Creates an affine map.
     *
     * @param inFeatures the size of the input's last dimension
     * @param outFeatures the size of the output's last dimension
     * @param options sets the optional arguments
     */
    public NonDynamicallyQuantizableLinear(long inFeatures, long outFeatures, Consumer<Options> options) {
        super(inFeatures, outFeatures, options);
    }
}
