package org.jtorch.export.internal.script;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of variables in a method of TorchScript, none of which is used twice. */
final class SourceNames {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Words of the language, and names that the generated code uses. */
    private static final Set<String> RESERVED = Set.of(
            "False",
            "None",
            "True",
            "and",
            "as",
            "assert",
            "async",
            "await",
            "break",
            "class",
            "continue",
            "def",
            "del",
            "elif",
            "else",
            "except",
            "exec",
            "finally",
            "for",
            "from",
            "global",
            "if",
            "import",
            "in",
            "inf",
            "is",
            "lambda",
            "nan",
            "newline",
            "nonlocal",
            "not",
            "or",
            "pass",
            "print",
            "raise",
            "return",
            "self",
            "try",
            "while",
            "with",
            "yield",
            "torch",
            "int",
            "float",
            "bool",
            "str",
            "len",
            "max",
            "min",
            "range",
            "tuple",
            "list",
            "dict",
            "getattr",
            "hasattr",
            "isinstance",
            "Tensor",
            "List",
            "Dict",
            "Tuple",
            "Optional",
            "annotate",
            "indent",
            "dedent",
            "ident",
            "number",
            "complex",
            "math",
            "ops");

    private final Set<String> used = new HashSet<>(RESERVED);

    /** Returns whether a text can be written after a dot. */
    static boolean isIdentifier(String text) {
        return IDENTIFIER.matcher(text).matches() && !RESERVED.contains(text);
    }

    /** Returns a new name, which is {@code wanted} if possible. */
    String of(String wanted) {
        String base = wanted.replaceAll("[^A-Za-z0-9_]", "_");
        if (base.isEmpty() || Character.isDigit(base.charAt(0))) {
            base = "v" + base;
        }
        String name = base;
        for (int i = 1; !used.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }
}
