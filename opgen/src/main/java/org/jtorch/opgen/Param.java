package org.jtorch.opgen;

import org.jspecify.annotations.Nullable;

/**
 * One parameter of an op.
 *
 * @param type how it is declared and handed to the engine
 * @param name its Java name
 * @param defaultValue the Java expression used where a caller leaves it out, or null if it is required
 */
record Param(ArgType type, String name, @Nullable String defaultValue) {

    /** Parses {@code Type name} or {@code Type name = default}. */
    static Param parse(String text) {
        String declaration = text;
        String defaultValue = null;
        int eq = text.indexOf('=');
        if (eq >= 0) {
            declaration = text.substring(0, eq).strip();
            defaultValue = text.substring(eq + 1).strip();
        }
        int space = declaration.lastIndexOf(' ');
        if (space < 0) {
            throw new IllegalArgumentException(
                    "parameter '" + text + "' should read 'Type name' or 'Type name = default'");
        }
        return new Param(
                ArgType.of(declaration.substring(0, space).strip()),
                declaration.substring(space + 1).strip(),
                defaultValue);
    }
}
