package org.jtorch.nn.hooks;

/** How a forward hook is registered. */
public final class ForwardHookOptions {

    private boolean prepend;
    private boolean alwaysCall;

    /** The defaults. */
    public ForwardHookOptions() {}

    /** Whether the hook runs before those that the module has, and not after them. Default: false. */
    public ForwardHookOptions prepend(boolean value) {
        prepend = value;
        return this;
    }

    /**
     * Whether the hook runs also where an exception ends the call before its turn. What it throws itself is then
     * {@linkplain Throwable#addSuppressed suppressed}. Default: false.
     */
    public ForwardHookOptions alwaysCall(boolean value) {
        alwaysCall = value;
        return this;
    }

    /** What {@link #prepend(boolean)} was given. */
    public boolean prepend() {
        return prepend;
    }

    /** What {@link #alwaysCall(boolean)} was given. */
    public boolean alwaysCall() {
        return alwaysCall;
    }
}
