package org.jtorch.nn.init;

import java.util.Locale;

/** The variance that {@linkplain Init#kaimingUniform_ Kaiming initialization} preserves. */
public enum FanMode {
    /** The variance of the activations in the forward pass, which is the default. */
    FAN_IN,
    /** The variance of the gradients in the backward pass. */
    FAN_OUT;

    /**
     * Returns the mode with the given PyTorch name, {@code fan_in} or {@code fan_out}, in upper or lower case.
     *
     * @throws IllegalArgumentException if the name is neither of them
     */
    public static FanMode of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "fan_in" -> FAN_IN;
            case "fan_out" -> FAN_OUT;
            default ->
                throw new IllegalArgumentException("Mode " + name.toLowerCase(Locale.ROOT)
                        + " not supported, please use one of ['fan_in', 'fan_out']");
        };
    }

    /** Returns PyTorch's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
