package org.jtorch.text.internal.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON as Python's {@code json.dumps} does. */
final class PythonJson {

    private final boolean isAscii;
    private final @Nullable String indent;
    private final String betweenItems;
    private final String afterKey;
    private final boolean sortsKeys;
    private final StringBuilder text = new StringBuilder();

    private PythonJson(
            boolean isAscii, @Nullable String indent, String betweenItems, String afterKey, boolean sortsKeys) {
        this.isAscii = isAscii;
        this.indent = indent;
        this.betweenItems = betweenItems;
        this.afterKey = afterKey;
        this.sortsKeys = sortsKeys;
    }

    /**
     * Writes a value.
     *
     * @param isAscii whether other characters than those of ASCII are written by their numbers
     * @param indent what stands before each item of each level; null for one line
     * @param separators what stands between items and after keys; null for the usual ones
     * @param sortsKeys whether the entries are written in the order of their keys
     */
    static String write(
            Object value,
            boolean isAscii,
            @Nullable String indent,
            @Nullable List<String> separators,
            boolean sortsKeys) {
        PythonJson json = separators == null
                ? new PythonJson(isAscii, indent, indent == null ? ", " : ",", ": ", sortsKeys)
                : new PythonJson(isAscii, indent, separators.get(0), separators.get(1), sortsKeys);
        json.write(value, 0);
        return json.text.toString();
    }

    private void write(Object value, int level) {
        if (value instanceof Map<?, ?> map) {
            List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
            if (sortsKeys) {
                entries.sort((a, b) -> Python.compare(a.getKey(), b.getKey()));
            }
            text.append('{');
            for (int i = 0; i < entries.size(); i++) {
                beforeItem(i, level);
                string(key(entries.get(i).getKey()));
                text.append(afterKey);
                write(entries.get(i).getValue(), level + 1);
            }
            afterItems(entries.isEmpty(), level);
            text.append('}');
        } else if (value instanceof List<?> list) {
            text.append('[');
            for (int i = 0; i < list.size(); i++) {
                beforeItem(i, level);
                write(list.get(i), level + 1);
            }
            afterItems(list.isEmpty(), level);
            text.append(']');
        } else if (value instanceof String || value instanceof Python.Safe) {
            string(Python.str(value));
        } else {
            text.append(scalar(value));
        }
    }

    private static String scalar(Object value) {
        if (value instanceof Python.None) {
            return "null";
        } else if (value instanceof Boolean || value instanceof BigInteger) {
            return value.toString();
        } else if (value instanceof Double number) {
            return Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : Python.text(number);
        }
        throw new JinjaError("a value of type " + Python.type(value) + " cannot be written as JSON");
    }

    private static String key(Object key) {
        return key instanceof String text ? text : scalar(key);
    }

    private void beforeItem(int index, int level) {
        text.append(index > 0 ? betweenItems : "");
        newLine(level + 1);
    }

    private void afterItems(boolean isEmpty, int level) {
        if (!isEmpty) {
            newLine(level);
        }
    }

    private void newLine(int level) {
        if (indent != null) {
            text.append('\n').append(indent.repeat(level));
        }
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int simple = "\"\\\n\r\t\b\f".indexOf(c);
            if (simple >= 0) {
                text.append('\\').append("\"\\nrtbf".charAt(simple));
            } else if (c < ' ' || (isAscii && c > 0x7F)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
