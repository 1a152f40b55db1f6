package org.jtorch.nn.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Warnings, each once a process as Python's are; to the {@code System.Logger} that has the name of a public class. */
public final class Warnings {

    /** Texts may hold values: those that come after this many are logged each time, and not kept. */
    private static final int KEPT = 1000;

    private static final Set<String> GIVEN = ConcurrentHashMap.newKeySet();

    private Warnings() {}

    /** Logs {@code text}, where it was not logged before. */
    public static void once(Class<?> about, String text) {
        if (GIVEN.size() < KEPT ? GIVEN.add(text) : !GIVEN.contains(text)) {
            System.getLogger(about.getName()).log(System.Logger.Level.WARNING, text);
        }
    }
}
