package org.jtorch.nn;

/** How a hook is registered. */
public final class HookOptions {

    private boolean prepend;

    HookOptions() {}

    /** Whether the hook runs before those that the module has, and not after them. Default: false. */
    public HookOptions prepend(boolean value) {
        prepend = value;
        return this;
    }

    boolean prepend() {
        return prepend;
    }
}
