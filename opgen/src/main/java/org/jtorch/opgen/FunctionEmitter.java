package org.jtorch.opgen;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The template of the class of functions. It writes the longest form of each row, and the shorter forms, which call it. */
final class FunctionEmitter {

    /** The first line of the generated file, by which it is recognised. */
    static final String FIRST_LINE = "// Generated from the tables of functions. Do not edit: change the table.\n";

    private static final String HEADER = FIRST_LINE + """
            package org.jtorch.nn.functional;

            import java.util.function.*;
            import org.jspecify.annotations.Nullable;
            import org.jtorch.*;
            import org.jtorch.nn.internal.Sizes;

            /**
             * Layers and losses as functions without state: PyTorch's {@code torch.nn.functional}. The layers call them.
             *
             * <p>The order of the arguments is that of PyTorch. Optional arguments may be left out from the end, and then
             * have PyTorch's defaults. A size, stride, padding or dilation is an array with a number for each dimension, or
             * one number for all. An operation that the engine refuses throws a {@code TorchException}.
             *
             * @see <a href="https://pytorch.org/docs/stable/nn.functional.html">torch.nn.functional</a>
             */
            public final class F {

                private F() {}
            """;

    private static final Pattern SENTENCE_END = Pattern.compile("\\.(?=\\s|$)");
    private static final Pattern PARAM_TAG = Pattern.compile("@param (\\w+) .*");

    private FunctionEmitter() {}

    /** Returns the source of the class of all functions. */
    static String functions(List<FunctionRow> rows) {
        StringBuilder out = new StringBuilder(HEADER);
        Set<String> signatures = new HashSet<>();
        for (FunctionRow row : rows) {
            for (FunctionForm form : row.forms()) {
                if (!signatures.add(form.signature())) {
                    throw new IllegalArgumentException("two rows have a form " + form.signature());
                }
                out.append('\n');
                List<String> doc = form.isLongest() ? longDoc(row) : shortDoc(form);
                doc.forEach(line -> out.append("    ").append(line).append('\n'));
                out.append("    public static ")
                        .append(row.returns())
                        .append(' ')
                        .append(row.name());
                out.append('(').append(form.declaration()).append(") {\n        return ");
                out.append(form.body()).append(";\n    }\n");
            }
        }
        return out.append("}\n").toString();
    }

    private static List<String> longDoc(FunctionRow row) {
        List<String> lines = new ArrayList<>();
        String param = "";
        boolean inTags = false;
        for (String line : row.doc()) {
            if (line.startsWith("@")) {
                addDefault(lines, row, param);
                Matcher tag = PARAM_TAG.matcher(line);
                param = tag.matches() ? tag.group(1) : "";
                if (!inTags) {
                    lines.add("");
                }
                inTags = true;
            }
            lines.add(line);
        }
        addDefault(lines, row, param);
        return comment(lines);
    }

    /** Appends the default to the description of a parameter. A default of null is left to the description itself. */
    private static void addDefault(List<String> lines, FunctionRow row, String param) {
        for (Argument argument : row.arguments()) {
            String value = argument.defaultValue();
            if (argument.name().equals(param) && value != null && !value.equals("null")) {
                int last = lines.size() - 1;
                lines.set(last, lines.get(last) + "; default `" + value + "`");
            }
        }
    }

    private static List<String> shortDoc(FunctionForm form) {
        List<String> lines = new ArrayList<>();
        for (String line : form.row().doc()) {
            if (line.startsWith("@")) {
                break;
            }
            Matcher end = SENTENCE_END.matcher(line);
            if (end.find()) {
                lines.add(line.substring(0, end.end()));
                break;
            }
            lines.add(line);
        }
        lines.add(form.abbreviation());
        return comment(lines);
    }

    private static List<String> comment(List<String> lines) {
        List<String> out = new ArrayList<>();
        if (lines.size() == 1) {
            out.add("/** " + Emitter.javadoc(lines.get(0)) + " */");
            return out;
        }
        out.add("/**");
        // Code in backticks may continue on the next line, so the lines are converted together.
        for (String line : Emitter.javadoc(String.join("\n", lines)).split("\n", -1)) {
            out.add(line.isEmpty() ? " *" : " * " + line);
        }
        out.add(" */");
        return out;
    }
}
