package org.jtorch.opgen;

import org.jspecify.annotations.Nullable;

/**
 * A parameter as a table declares it.
 *
 * @param type the parameter's type
 * @param name the parameter's name
 * @param defaultValue the Java expression for a caller who leaves it out, or null if it is required
 */
record Declaration(String type, String name, @Nullable String defaultValue) {

    /** Parses {@code Type name} or {@code Type name = default}. */
    static Declaration parse(String text) {
        int eq = text.indexOf('=');
        String declaration = eq < 0 ? text : text.substring(0, eq).strip();
        int space = declaration.lastIndexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException(
                    "parameter '" + text + "' should read 'Type name' or 'Type name = default'");
        }
        return new Declaration(
                declaration.substring(0, space).strip(),
                declaration.substring(space + 1),
                eq < 0 ? null : text.substring(eq + 1).strip());
    }
}
