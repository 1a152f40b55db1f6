package org.jtorch.distributed.internal;

/** An action that is done when the JVM ends, until this is closed. */
public final class AtExit implements AutoCloseable {

    private final Thread hook;

    private AtExit(Runnable action, String threadName) {
        hook = new Thread(action, threadName);
    }

    /**
     * Registers an action.
     *
     * @param threadName the name of the thread that does it
     * @throws IllegalStateException if the JVM ends already
     */
    public static AtExit register(Runnable action, String threadName) {
        AtExit made = new AtExit(action, threadName);
        Runtime.getRuntime().addShutdownHook(made.hook);
        return made;
    }

    /** Ends the registration. If the JVM ends already, the action is done nevertheless. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM ends, and does the action
        }
    }
}
