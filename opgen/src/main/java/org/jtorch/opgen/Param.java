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
        Declaration declaration = Declaration.parse(text);
        return new Param(ArgType.of(declaration.type()), declaration.name(), declaration.defaultValue());
    }
}
