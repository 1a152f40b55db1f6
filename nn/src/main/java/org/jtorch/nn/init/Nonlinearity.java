package org.jtorch.nn.init;

import java.util.Arrays;
import java.util.Locale;

/** The nonlinearity after a layer, for {@link Init#calculateGain}. */
public enum Nonlinearity {
    /** No nonlinearity, after a linear layer. */
    LINEAR,
    /** No nonlinearity, after a convolution. */
    CONV1D,
    /** No nonlinearity, after a convolution. */
    CONV2D,
    /** No nonlinearity, after a convolution. */
    CONV3D,
    /** No nonlinearity, after a transposed convolution. */
    CONV_TRANSPOSE1D,
    /** No nonlinearity, after a transposed convolution. */
    CONV_TRANSPOSE2D,
    /** No nonlinearity, after a transposed convolution. */
    CONV_TRANSPOSE3D,
    /** The logistic function. */
    SIGMOID,
    /** The hyperbolic tangent. */
    TANH,
    /** The rectifier. */
    RELU,
    /** The leaky rectifier, whose slope is the parameter of the gain. */
    LEAKY_RELU,
    /** The scaled exponential linear unit. */
    SELU;

    /**
     * Returns the nonlinearity with the given PyTorch name, such as {@code leaky_relu}.
     *
     * @throws IllegalArgumentException if the name is unknown, or no gain is known for it
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

    /** Returns PyTorch's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
