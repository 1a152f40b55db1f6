package org.jtorch.nn.hooks;

/** How a hook is registered. */
public final class HookOptions {

    private boolean prepend;

    /** The defaults. */
    public HookOptions() {}

    /** Sets whether the hook runs before those that the module has, and not after them; the default is {@code false}. */
    public HookOptions prepend(boolean value) {
        prepend = value;
        return this;
    }

    /** Returns what {@link #prepend(boolean)} was given. */
    public boolean prepend() {
        return prepend;
    }
}
