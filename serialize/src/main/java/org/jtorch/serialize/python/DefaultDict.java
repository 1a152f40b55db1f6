package org.jtorch.serialize.python;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Python's {@code collections.defaultdict}; its factory is kept by name and never called. */
public final class DefaultDict extends LinkedHashMap<@Nullable Object, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    private final @Nullable String factory;

    /**
     * An empty one.
     *
     * @param factory what Python makes missing values with, {@code builtins.list}; null for none
     */
    public DefaultDict(@Nullable String factory) {
        this.factory = factory;
    }

    /** What Python makes missing values with, {@code builtins.list}; null for none. */
    public @Nullable String factory() {
        return factory;
    }
}
