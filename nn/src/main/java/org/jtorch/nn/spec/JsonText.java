package org.jtorch.nn.spec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON for readers. A value that fits on a line is written on one line. A longer object or list has one line for each
 * entry, and a longer list of simple values fills its lines. The text depends only on the tree, not on the machine.
 */
final class JsonText {

    private static final int WIDTH = 100;
    private static final int STEP = 2;

    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    /** Returns the text of a tree of maps, lists, strings, numbers, booleans and nulls, without a final line break. */
    static String of(@Nullable Object tree) {
        JsonText text = new JsonText();
        text.write(tree, 0);
        return text.out.toString();
    }

    private void write(@Nullable Object value, int indent) {
        int begin = out.length();
        int column = begin - (out.lastIndexOf("\n") + 1);
        if (flat(value, begin + WIDTH - column)) {
            return;
        }
        out.setLength(begin);
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<?, ?> entry = entries.next();
                line(indent + STEP);
                string(String.valueOf(entry.getKey()));
                out.append(": ");
                write(entry.getValue(), indent + STEP);
                out.append(entries.hasNext() ? "," : "");
            }
            line(indent);
            out.append('}');
        } else if (value instanceof List<?> list && list.stream().noneMatch(JsonText::isContainer)) {
            filled(list, indent);
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                line(indent + STEP);
                write(list.get(i), indent + STEP);
                out.append(i + 1 < list.size() ? "," : "");
            }
            line(indent);
            out.append(']');
        } else {
            flat(value, Integer.MAX_VALUE);
        }
    }

    private void filled(List<?> list, int indent) {
        out.append('[');
        line(indent + STEP);
        int column = indent + STEP;
        for (int i = 0; i < list.size(); i++) {
            int begin = out.length();
            flat(list.get(i), Integer.MAX_VALUE);
            out.append(i + 1 < list.size() ? "," : "");
            int length = out.length() - begin;
            if (i > 0) {
                boolean fits = column + 1 + length <= WIDTH;
                out.insert(begin, fits ? " " : "\n" + " ".repeat(indent + STEP));
                column = fits ? column + 1 : indent + STEP;
            }
            column += length;
        }
        line(indent);
        out.append(']');
    }

    private void line(int indent) {
        out.append('\n').append(" ".repeat(indent));
    }

    /** Writes a value on one line. Returns false if the text becomes longer than {@code limit}. */
    private boolean flat(@Nullable Object value, int limit) {
        if (value instanceof Map<?, ?> map) {
            out.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                string(String.valueOf(entry.getKey()));
                out.append(": ");
                if (!flat(entry.getValue(), limit)) {
                    return false;
                }
                separator = ", ";
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            String separator = "";
            for (Object element : list) {
                out.append(separator);
                if (!flat(element, limit)) {
                    return false;
                }
                separator = ", ";
            }
            out.append(']');
        } else if (value instanceof String text) {
            string(text);
        } else if (value instanceof Double number) {
            out.append(NumberOutput.toString(number, true));
        } else if (value instanceof Float number) {
            out.append(NumberOutput.toString(number, true));
        } else {
            out.append(value);
        }
        return out.length() <= limit;
    }

    private void string(String text) {
        out.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsString(text))
                .append('"');
    }

    private static boolean isContainer(@Nullable Object value) {
        return value instanceof Map || value instanceof List;
    }
}
