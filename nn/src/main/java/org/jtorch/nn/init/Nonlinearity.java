package org.jtorch.nn.init;

import java.util.Arrays;
import java.util.Locale;

/** What stands after a layer, for {@link Init#calculateGain}. */
public enum Nonlinearity {
    /** Nothing, after a linear layer. */
    LINEAR,
    /** Nothing, after a convolution. */
    CONV1D,
    /** Nothing, after a convolution. */
    CONV2D,
    /** Nothing, after a convolution. */
    CONV3D,
    /** Nothing, after a transposed convolution. */
    CONV_TRANSPOSE1D,
    /** Nothing, after a transposed convolution. */
    CONV_TRANSPOSE2D,
    /** Nothing, after a transposed convolution. */
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
    SELU;

    /**
     * That with PyTorch's name, {@code leaky_relu}.
     *
     * @throws IllegalArgumentException if there is none, or no gain is known for it
     */
    public static Nonlinearity of(String name) {
        for (Nonlinearity nonlinearity : values()) {
            if (nonlinearity.toString().equals(name)) {
                return nonlinearity;
            }
        }
        throw new IllegalArgumentException(
                "Unsupported nonlinearity " + name + ": it must be one of " + Arrays.toString(values()));
    }

    /** PyTorch's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
