package org.jtorch.text.internal.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of a part of a template, and those of the parts around it. */
final class TemplateScope {

    private final @Nullable TemplateScope outer;
    private final Map<String, Object> values = new HashMap<>();

    TemplateScope(@Nullable TemplateScope outer) {
        this.outer = outer;
    }

    /** Returns the value of a name, or an undefined one. */
    Object get(String name) {
        for (TemplateScope each = this; each != null; each = each.outer) {
            Object value = each.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Python.Undefined("'" + name + "'");
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
