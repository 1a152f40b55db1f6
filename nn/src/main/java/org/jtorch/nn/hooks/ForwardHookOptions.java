package org.jtorch.nn.hooks;

/** How a forward hook is registered. */
public final class ForwardHookOptions {

    private boolean prepend;
    private boolean alwaysCall;

    /** The defaults. */
    public ForwardHookOptions() {}

    /** Sets whether the hook runs before those that the module has, and not after them; the default is {@code false}. */
    public ForwardHookOptions prepend(boolean value) {
        prepend = value;
        return this;
    }

    /**
     * Sets whether the hook runs also where an exception ends the call before its turn. What it throws itself is then
     * {@linkplain Throwable#addSuppressed suppressed}; the default is {@code false}.
     */
    public ForwardHookOptions alwaysCall(boolean value) {
        alwaysCall = value;
        return this;
    }

    /** Returns what {@link #prepend(boolean)} was given. */
    public boolean prepend() {
        return prepend;
    }

    /** Returns what {@link #alwaysCall(boolean)} was given. */
    public boolean alwaysCall() {
        return alwaysCall;
    }
}
