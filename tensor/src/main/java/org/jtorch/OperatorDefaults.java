package org.jtorch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the defaults of arguments from an operator's schema, such as {@code -1}, {@code [1, 1]} or {@code "mean"}. */
final class OperatorDefaults {

    private OperatorDefaults() {}

    /**
     * Returns a default as {@link Operator#call} accepts it.
     *
     * @param text the text in the schema
     * @param type the type of the argument in the schema
     */
    static @Nullable Object of(String text, String type) {
        Object value = value(text);
        return value instanceof Long number && type.startsWith("MemoryFormat") ? memoryFormat(number) : value;
    }

    private static @Nullable Object value(String text) {
        if (text.equals("None")) {
            return null;
        }
        if (text.equals("True") || text.equals("False")) {
            return text.equals("True");
        }
        if (text.startsWith("\"") || text.startsWith("'")) {
            return text.substring(1, text.length() - 1);
        }
        if (text.startsWith("[")) {
            List<@Nullable Object> values = new ArrayList<>();
            for (String part : text.substring(1, text.length() - 1).split(",")) {
                if (!part.isBlank()) {
                    values.add(value(part.strip()));
                }
            }
            return values;
        }
        if (text.matches("-?[0-9]+")) {
            return Long.valueOf(text);
        }
        return Double.valueOf(text.equals("inf") ? "Infinity" : text.equals("-inf") ? "-Infinity" : text);
    }

    private static MemoryFormat memoryFormat(long number) {
        for (MemoryFormat format : MemoryFormat.values()) {
            if (format.handle.value == number) {
                return format;
            }
        }
        throw new AssertionError("unknown memory format " + number);
    }
}
