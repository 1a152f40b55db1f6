package org.jtorch.nn.hooks;

/** The options with which a forward hook is registered. */
public final class ForwardHookOptions {

    private boolean prepend;
    private boolean alwaysCall;

    /** Creates options with the defaults. */
    public ForwardHookOptions() {}

    /**
     * Sets whether the hook runs before the hooks that the module already has, instead of after them; the default is
     * {@code false}.
     */
    public ForwardHookOptions prepend(boolean value) {
        prepend = value;
        return this;
    }

    /**
     * Sets whether the hook also runs if an exception ends the call before its turn. An exception that the hook throws is then
     * {@linkplain Throwable#addSuppressed suppressed}; the default is {@code false}.
     */
    public ForwardHookOptions alwaysCall(boolean value) {
        alwaysCall = value;
        return this;
    }

    /** Returns the value set by {@link #prepend(boolean)}. */
    public boolean prepend() {
        return prepend;
    }

    /** Returns the value set by {@link #alwaysCall(boolean)}. */
    public boolean alwaysCall() {
        return alwaysCall;
    }
}
