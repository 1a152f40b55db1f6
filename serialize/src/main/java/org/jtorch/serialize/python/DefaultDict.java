package org.jtorch.serialize.python;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Python's {@code collections.defaultdict}. Only the name of its factory is kept; the factory is never called. */
public final class DefaultDict extends LinkedHashMap<@Nullable Object, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    private final @Nullable String factory;

    /**
     * Creates an empty dict.
     *
     * @param factory the name of the function with which Python creates missing values, such as {@code builtins.list}; null
     *     for none
     */
    public DefaultDict(@Nullable String factory) {
        this.factory = factory;
    }

    /**
     * Returns the name of the function with which Python creates missing values, such as {@code builtins.list}; null for
     * none.
     */
    public @Nullable String factory() {
        return factory;
    }
}
