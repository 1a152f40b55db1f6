package org.jtorch.data.sources;

import org.jspecify.annotations.Nullable;

/** A column in memory, which grows at its end. Its values are kept as primitives or bytes, not as objects. */
interface Column {

    /** Adds a value; null if it is missing. */
    void add(@Nullable Object value);

    /** Returns a value; null if it is missing. */
    @Nullable
    Object get(int index);
}
