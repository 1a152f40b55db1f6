package org.jtorch.export.internal.script;

import java.util.LinkedHashMap;
import java.util.Map;

/** The lines of a method in TorchScript while it is written, and the names of its variables. */
final class SourceLines {

    private final SourceNames names = new SourceNames();
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> empty = new LinkedHashMap<>();
    private int indent = 1;

    /** Returns the name of a new variable, which is {@code wanted} if possible. */
    String variable(String wanted) {
        return names.of(wanted);
    }

    void add(String line) {
        text.append("    ".repeat(indent)).append(line).append('\n');
    }

    /** Adds the next lines one step further to the right. */
    void indent() {
        indent++;
    }

    void outdent() {
        indent--;
    }

    /** Returns the variable of the empty list of a type, such as {@code List[int]}. */
    String emptyList(String type) {
        return empty.computeIfAbsent(type, key -> names.of("empty"));
    }

    /** Returns the method with a head. */
    String method(String head) {
        StringBuilder method = new StringBuilder(head).append('\n');
        empty.forEach((list, name) ->
                method.append("    ").append(name).append(": ").append(list).append(" = []\n"));
        return method.append(text).toString();
    }
}
