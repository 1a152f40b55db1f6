package org.jtorch.export.internal.record;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Gives each value of a graph a name of its own: {@code add}, {@code add_1}, {@code add_2}. */
final class Names {

    private final Set<String> used = new HashSet<>();
    private final Map<String, Integer> next = new HashMap<>();

    /** Returns {@code wanted} if it is not used yet, and otherwise {@code wanted} with a number. */
    String unused(String wanted) {
        String safe = wanted.isEmpty() || Character.isDigit(wanted.charAt(0)) ? "_" + wanted : wanted;
        String name = safe;
        while (!used.add(name)) {
            name = safe + "_" + next.merge(safe, 1, Integer::sum);
        }
        return name;
    }
}
