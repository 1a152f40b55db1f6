package org.jtorch.nn.hooks;

/** The options with which a hook is registered. */
public final class HookOptions {

    private boolean prepend;

    /** Creates options with the defaults. */
    public HookOptions() {}

    /**
     * Sets whether the hook runs before the hooks that the module already has, instead of after them; the default is
     * {@code false}.
     */
    public HookOptions prepend(boolean value) {
        prepend = value;
        return this;
    }

    /** Returns the value set by {@link #prepend(boolean)}. */
    public boolean prepend() {
        return prepend;
    }
}
