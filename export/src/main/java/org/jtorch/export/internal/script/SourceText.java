package org.jtorch.export.internal.script;

import java.util.Locale;

/** Constants as TorchScript writes them. */
final class SourceText {

    private SourceText() {}

    static String of(boolean value) {
        return value ? "True" : "False";
    }

    static String of(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "float(\"" + (Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf") + "\")";
        }
        return Double.toString(value).toLowerCase(Locale.ROOT);
    }

    static String of(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(c);
            }
        }
        return text.append('"').toString();
    }

    /** Returns an attribute of an object. */
    static String attribute(String object, String name) {
        return SourceNames.isIdentifier(name) ? object + "." + name : "getattr(" + object + ", " + of(name) + ")";
    }
}
