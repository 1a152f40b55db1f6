package org.jtorch.tools;

import java.util.List;

/** Dotted names as text. */
final class Paths {

    private static final int SHOWN = 4;

    private Paths() {}

    /** Returns the path itself, or a description for the empty path of the model. */
    static String label(String path) {
        return path.isEmpty() ? "(model)" : path;
    }

    /** Returns a path followed by a key. */
    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Returns whether {@code path} is {@code outer} or below it. */
    static boolean isWithin(String path, String outer) {
        return outer.isEmpty() || path.equals(outer) || path.startsWith(outer + ".");
    }

    /** Returns the longest path that is equal to or above all of the paths. */
    static String common(List<String> paths) {
        String common = paths.get(0);
        for (String path : paths) {
            while (!isWithin(path, common)) {
                int dot = common.lastIndexOf('.');
                common = dot < 0 ? "" : common.substring(0, dot);
            }
        }
        return common;
    }

    /** Returns the first of the paths and the number of the others. */
    static String some(List<String> paths) {
        String shown =
                String.join(", ", paths.stream().limit(SHOWN).map(Paths::label).toList());
        return paths.size() <= SHOWN ? shown : shown + " and " + (paths.size() - SHOWN) + " more";
    }
}
