package org.jtorch.internal.text;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Logs warnings, each once a process as Python does, to the {@code System.Logger} with the name of a public class. */
public final class Warnings {

    /**
     * The number of warnings that are remembered. Texts may contain values; further texts are logged each time and not
     * remembered.
     */
    private static final int KEPT = 1000;

    private static final Set<String> GIVEN = ConcurrentHashMap.newKeySet();

    private Warnings() {}

    /** Logs {@code text} if it has not been logged before. */
    public static void once(Class<?> about, String text) {
        if (GIVEN.size() < KEPT ? GIVEN.add(text) : !GIVEN.contains(text)) {
            System.getLogger(about.getName()).log(System.Logger.Level.WARNING, text);
        }
    }
}
