package org.jtorch.nn.linear;

import java.util.function.Consumer;

/**
 * A {@link Linear} under a name of its own: the output projection of {@link org.jtorch.nn.activation.MultiheadAttention},
 * which PyTorch shows so because its weight is read without the layer being called.
 */
public class NonDynamicallyQuantizableLinear extends Linear {

    /**
     * An affine map.
     *
     * @param inFeatures size of the input's last dimension
     * @param outFeatures size of the output's last dimension
     * @param options sets the optional arguments
     */
    public NonDynamicallyQuantizableLinear(long inFeatures, long outFeatures, Consumer<Options> options) {
        super(inFeatures, outFeatures, options);
    }
}
