package org.jtorch.serialize.python;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code collections.OrderedDict}: a map in insertion order that can also have attributes. PyTorch keeps the
 * {@code _metadata} of a state dict in one of them.
 */
public final class OrderedDict extends LinkedHashMap<@Nullable Object, @Nullable Object> {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

    /** Creates an empty dict. */
    public OrderedDict() {}

    /** Creates a dict with the entries of {@code entries}, in its order. */
    public OrderedDict(Map<?, ?> entries) {
        super(entries);
    }

    /** Returns the attributes by name. As in Python, {@link #equals} ignores them. */
    public Map<String, @Nullable Object> attributes() {
        return attributes;
    }
}
