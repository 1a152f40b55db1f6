package org.jtorch.internal.engine;

/** Whether anyone observes the operations. */
public final class Taps {

    /** Read at each operation. */
    public static boolean on;

    private static int active; // guarded by the class

    private Taps() {}

    /** Adds or removes one observer. */
    public static synchronized void change(boolean more) {
        active += more ? 1 : -1;
        on = active > 0;
    }
}
