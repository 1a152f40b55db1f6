package org.jtorch.nn.utils;

/** The options of {@link Checkpointing}, with PyTorch's defaults. */
public final class CheckpointOptions {

    private boolean preserveRngState = true;

    CheckpointOptions() {}

    /**
     * Sets whether the computation draws the same random numbers when it runs again, so that dropout drops the same elements;
     * the default is {@code true}. If it is false, the state of the generator is not saved.
     */
    public CheckpointOptions preserveRngState(boolean value) {
        preserveRngState = value;
        return this;
    }

    boolean preserveRngState() {
        return preserveRngState;
    }
}
