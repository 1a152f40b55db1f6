package org.jtorch.text.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON with the spaces and line breaks of Python's {@code json.dumps}. */
final class PythonJson {

    private static final ObjectMapper SCALARS = new ObjectMapper();

    private PythonJson() {}

    /**
     * Writes a value.
     *
     * @param indent the number of spaces of each level; null for one line
     */
    static String write(@Nullable Object value, @Nullable Integer indent) throws JsonProcessingException {
        StringBuilder text = new StringBuilder();
        write(value, indent, 0, text);
        return text.toString();
    }

    private static void write(@Nullable Object value, @Nullable Integer indent, int level, StringBuilder text)
            throws JsonProcessingException {
        if (value instanceof Map<?, ?> map) {
            String separator = "";
            text.append('{');
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text.append(separator);
                newLine(indent, level + 1, text);
                text.append(SCALARS.writeValueAsString(String.valueOf(entry.getKey())))
                        .append(": ");
                write(entry.getValue(), indent, level + 1, text);
                separator = indent == null ? ", " : ",";
            }
            close(map.isEmpty(), indent, level, '}', text);
        } else if (value instanceof List<?> list) {
            String separator = "";
            text.append('[');
            for (Object each : list) {
                text.append(separator);
                newLine(indent, level + 1, text);
                write(each, indent, level + 1, text);
                separator = indent == null ? ", " : ",";
            }
            close(list.isEmpty(), indent, level, ']', text);
        } else {
            text.append(SCALARS.writeValueAsString(value instanceof CharSequence ? value.toString() : value));
        }
    }

    private static void close(boolean isEmpty, @Nullable Integer indent, int level, char bracket, StringBuilder text) {
        if (!isEmpty) {
            newLine(indent, level, text);
        }
        text.append(bracket);
    }

    private static void newLine(@Nullable Integer indent, int level, StringBuilder text) {
        if (indent != null) {
            text.append('\n').append(" ".repeat(indent * level));
        }
    }
}
