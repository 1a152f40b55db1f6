package org.jtorch.opgen;

import org.jspecify.annotations.Nullable;

/**
 * One parameter of an operation.
 *
 * @param type how the parameter is declared and passed to the engine
 * @param name the Java name
 * @param defaultValue the Java expression for a caller who leaves it out, or null if it is required
 */
record Param(ArgType type, String name, @Nullable String defaultValue) {

    /** Parses {@code Type name} or {@code Type name = default}. */
    static Param parse(String text) {
        Declaration declaration = Declaration.parse(text);
        return new Param(ArgType.of(declaration.type()), declaration.name(), declaration.defaultValue());
    }
}
