package org.jtorch.serialize.python;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code collections.OrderedDict}: a map in insertion order that, unlike a plain dict, can carry attributes.
 * PyTorch keeps a state dict's {@code _metadata} in one.
 */
public final class OrderedDict extends LinkedHashMap<@Nullable Object, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

    /** An empty one. */
    public OrderedDict() {}

    /** One with the entries of {@code entries}, in its order. */
    public OrderedDict(Map<?, ?> entries) {
        super(entries);
    }

    /** Its attributes by name; not part of {@link #equals}, as in Python. */
    public Map<String, @Nullable Object> attributes() {
        return attributes;
    }
}
