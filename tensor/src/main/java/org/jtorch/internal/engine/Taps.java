package org.jtorch.internal.engine;

/** Whether anybody wants to be told of each operation. */
public final class Taps {

    /** Read at each operation. */
    public static boolean on;

    private static int active; // guarded by the class

    private Taps() {}

    /** One more, or one fewer, wants to be told. */
    public static synchronized void change(boolean more) {
        active += more ? 1 : -1;
        on = active > 0;
    }
}
