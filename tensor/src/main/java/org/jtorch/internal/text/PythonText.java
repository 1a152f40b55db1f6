package org.jtorch.internal.text;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Formats values as Python does, for texts that equal PyTorch's. */
public final class PythonText {

    private PythonText() {}

    /** Returns {@code True} or {@code False}. */
    public static String of(boolean value) {
        return value ? "True" : "False";
    }

    /** Returns a float: {@code 0.1}, {@code 1e-05}, {@code 2.0}, {@code inf}; {@code None} for null. */
    public static String of(@Nullable Double value) {
        return value == null ? "None" : of(value.doubleValue());
    }

    /** Returns a number in its own kind: an int without a point, otherwise a float; {@code None} for null. */
    public static String number(@Nullable Number value) {
        return value instanceof Double || value instanceof Float
                ? of(value.doubleValue())
                : value == null ? "None" : value.toString();
    }

    /** Returns a float: {@code 0.1}, {@code 1e-05}, {@code 2.0}, {@code inf}. */
    public static String of(double value) {
        return PythonNumbers.repr(value);
    }

    /** Returns a tuple of ints: {@code ()}, {@code (3,)}, {@code (3, 4)}. */
    public static String tuple(long... values) {
        return PythonNumbers.tuple(values);
    }

    /** Returns an int if there is one value, otherwise a tuple. For a size that may be given in both forms. */
    public static String intOrTuple(long... values) {
        return values.length == 1 ? String.valueOf(values[0]) : tuple(values);
    }

    /** Returns a float if there is one value, otherwise a tuple of floats. */
    public static String floatOrTuple(double... values) {
        if (values.length == 1) {
            return of(values[0]);
        }
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < values.length; i++) {
            out.append(i == 0 ? "" : ", ").append(of(values[i]));
        }
        return out.append(")").toString();
    }

    /** Returns a shape: {@code torch.Size([2, 3])}. */
    public static String size(long... shape) {
        StringBuilder out = new StringBuilder("torch.Size([");
        for (int i = 0; i < shape.length; i++) {
            out.append(i == 0 ? "" : ", ").append(shape[i]);
        }
        return out.append("])").toString();
    }

    /** Returns a string in quotes, as Python's {@code repr}. */
    public static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isHidden(c)) {
                        out.append(String.format(c < 256 ? "\\x%02x" : "\\u%04x", (int) c));
                    } else {
                        out.append(c == quote ? "\\" : "").append(c);
                    }
                }
            }
        }
        return out.append(quote).toString();
    }

    /**
     * Returns {@code text} with an escape for each character that moves the cursor, ends the line or changes the direction of
     * writing. Names and texts of a file that nobody has checked must not do so on a terminal.
     */
    public static String printable(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isHidden(c) && out == null) {
                out = new StringBuilder(text.length() + 8).append(text, 0, i);
            }
            if (out != null) {
                String escape = repr(String.valueOf(c));
                out.append(isHidden(c) ? escape.substring(1, escape.length() - 1) : String.valueOf(c));
            }
        }
        return out == null ? text : out.toString();
    }

    /** Returns whether it is a control character, or one that changes the direction of writing. */
    private static boolean isHidden(char c) {
        return Character.isISOControl(c) || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069';
    }

    /** Returns Python's name for the type of a value: {@code <class 'str'>}. */
    public static String type(@Nullable Object value) {
        String name;
        if (value == null) {
            name = "NoneType";
        } else if (value instanceof String) {
            name = "str";
        } else if (value instanceof Boolean) {
            name = "bool";
        } else if (value instanceof Double || value instanceof Float) {
            name = "float";
        } else if (value instanceof Number) {
            name = "int";
        } else if (value instanceof List) {
            name = "list";
        } else {
            name = value instanceof Map ? "dict" : value.getClass().getSimpleName();
        }
        return "<class '" + name + "'>";
    }
}
