package org.jtorch.export.internal.script;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jtorch.export.graph.ExportException;

/**
 * What the code of an archive may call: operators on tensors, numbers, lists and texts. Operators that read or write files,
 * send to other processes, or read memory at an address are refused.
 *
 * <p>The engine runs a method {@code __setstate__} while it loads an archive, before its graphs can be looked at. Therefore the
 * text is searched first, and the graphs after that.
 */
final class ScriptRules {

    private static final Set<String> NAMESPACES = Set.of(
            "aten",
            "prim",
            "prims",
            "quantized",
            "_quantized",
            "quantization",
            "sparse",
            "onednn",
            "prepacked",
            "mkldnn_prepacked",
            "profiler");

    private static final Set<String> FILES = Set.of("save", "from_file");

    private static final Set<String> CLASSES = Set.of("quantized", "rnn", "xnnpack", "sparse");

    private static final int MAX_COMMENTS = 400;

    /** What may stand between two words: white space, the end of a line, and a comment. */
    private static final String GAP = "[\\s\\\\]*+(?:#[^\\n]*+\\n[\\s\\\\]*+){0,500}+";

    private static final String DOT = GAP + "\\." + GAP;

    private static final Pattern OPERATOR =
            Pattern.compile("(?<![\\w.])ops" + DOT + "(\\w+)" + DOT + "(\\w+)|\\btorch" + DOT + "(\\w+)");

    private static final Pattern CLASS = Pattern.compile("torch" + DOT + "classes" + DOT + "(\\w+)");

    /** Another way to write the name of an operator. The engine writes it only for attributes of modules. */
    private static final Pattern BY_NAME =
            Pattern.compile("getattr" + GAP + "[\\s\\\\(]*+" + GAP + "[\\s\\\\(]*+(?:torch|ops|__torch__)\\b");

    private ScriptRules() {}

    /**
     * Checks a file of code.
     *
     * @throws ExportException if it calls something that is refused
     */
    static void checkText(String name, String text) {
        if (text.lines().filter(line -> line.strip().startsWith("#")).count() > MAX_COMMENTS) {
            throw new ExportException("the code in '" + name + "' is refused because it has more than " + MAX_COMMENTS
                    + " lines of comments: PyTorch writes none");
        }
        Matcher operator = OPERATOR.matcher(text);
        while (operator.find()) {
            String called = operator.group(1) == null
                    ? "aten::" + operator.group(3)
                    : operator.group(1) + "::" + operator.group(2);
            check(called, name);
        }
        checkClasses(name, text);
        if (BY_NAME.matcher(text).find()) {
            throw new ExportException("the code in '" + name + "' calls an operator through getattr, which is refused:"
                    + " PyTorch does not write such code");
        }
    }

    /** Refuses classes of the engine other than packed weights. */
    static void checkClasses(String name, String text) {
        Matcher built = CLASS.matcher(text);
        while (built.find()) {
            if (!CLASSES.contains(built.group(1))) {
                throw new ExportException("'" + name + "' uses the class torch.classes." + built.group(1)
                        + ", which is refused: only packed weights are allowed");
            }
        }
    }

    /** Checks an operator by its name, such as {@code aten::add}. */
    static void check(String operator, String where) {
        String[] parts = operator.split("::", 2);
        if (parts.length == 2 && !NAMESPACES.contains(parts[0])) {
            throw new ExportException("the code in '" + where + "' calls the operator " + operator
                    + ", which is refused: a script may call operators on tensors only, of the namespaces aten, prim and"
                    + " quantized");
        }
        if (parts.length == 2 && FILES.contains(parts[1])) {
            throw new ExportException("the code in '" + where + "' calls the operator " + operator
                    + ", which is refused because it reads or writes a file");
        }
    }
}
