package org.jtorch.nn.init;

/** What stands behind a layer, for {@link Init#calculateGain}. */
public enum Nonlinearity {
    /** Nothing, behind a linear layer. */
    LINEAR,
    /** Nothing, behind a convolution. */
    CONV1D,
    /** Nothing, behind a convolution. */
    CONV2D,
    /** Nothing, behind a convolution. */
    CONV3D,
    /** Nothing, behind a transposed convolution. */
    CONV_TRANSPOSE1D,
    /** Nothing, behind a transposed convolution. */
    CONV_TRANSPOSE2D,
    /** Nothing, behind a transposed convolution. */
    CONV_TRANSPOSE3D,
    /** The logistic function. */
    SIGMOID,
    /** The hyperbolic tangent. */
    TANH,
    /** The rectifier. */
    RELU,
    /** The leaky rectifier, whose slope is the gain's parameter. */
    LEAKY_RELU,
    /** The scaled exponential linear unit. */
    SELU
}
