package org.jtorch.text.internal.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call: of a function, a filter or a test.
 *
 * @param name what is called, for errors
 */
record TemplateCall(String name, List<Object> arguments, Map<String, Object> named) {

    /** Returns the arguments as values of parameters, null for those that are not given. */
    @Nullable
    Object[] bind(int required, String... parameters) {
        @Nullable Object[] values = new @Nullable Object[parameters.length];
        if (arguments.size() > parameters.length) {
            throw new JinjaError(
                    name + " takes at most " + parameters.length + " arguments, but is given " + arguments.size());
        }
        Map<String, Object> rest = new LinkedHashMap<>(named);
        for (int i = 0; i < parameters.length; i++) {
            Object byName = rest.remove(parameters[i]);
            if (i < arguments.size()) {
                if (byName != null) {
                    throw new JinjaError(name + " is given " + parameters[i] + " twice");
                }
                values[i] = arguments.get(i);
            } else {
                values[i] = byName;
            }
            if (i < required && values[i] == null) {
                throw new JinjaError(name + " needs the argument " + parameters[i]);
            }
        }
        if (!rest.isEmpty()) {
            throw new JinjaError(name + " has no argument " + rest.keySet() + ", or it is not known here");
        }
        return values;
    }
}
