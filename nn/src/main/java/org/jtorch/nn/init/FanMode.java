package org.jtorch.nn.init;

import java.util.Locale;

/** Which variance a {@link Init#kaimingUniform_ Kaiming initialisation} preserves. */
public enum FanMode {
    /** The activations', in the forward pass; the default. */
    FAN_IN,
    /** The gradients', in the backward pass. */
    FAN_OUT;

    /**
     * That with PyTorch's name, {@code fan_in} or {@code fan_out}, in any case.
     *
     * @throws IllegalArgumentException if it is neither
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

    /** PyTorch's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
