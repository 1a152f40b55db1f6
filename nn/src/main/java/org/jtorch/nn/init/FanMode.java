package org.jtorch.nn.init;

/** Which variance a {@link Init#kaimingUniform_ Kaiming initialisation} preserves. */
public enum FanMode {
    /** The activations', in the forward pass; the default. */
    FAN_IN,
    /** The gradients', in the backward pass. */
    FAN_OUT
}
