package org.jtorch.export.graph;

import org.jspecify.annotations.Nullable;

/** Checks of the fields that a file must have. */
final class Fields {

    private Fields() {}

    /**
     * Returns a field.
     *
     * @throws IllegalArgumentException if it is missing
     */
    static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("the " + name + " is missing");
        }
        return value;
    }
}
