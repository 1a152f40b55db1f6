package org.jtorch.nn.utils;

/** How {@link Checkpointing} works, with PyTorch's defaults. */
public final class CheckpointOptions {

    private boolean preserveRngState = true;

    CheckpointOptions() {}

    /**
     * Sets whether the computation draws the same random numbers when it runs again, so that dropout drops the same; the
     * default is {@code true}. False spares it the look at the generator's state.
     */
    public CheckpointOptions preserveRngState(boolean value) {
        preserveRngState = value;
        return this;
    }

    boolean preserveRngState() {
        return preserveRngState;
    }
}
