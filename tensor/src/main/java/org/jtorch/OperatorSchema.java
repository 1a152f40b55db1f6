package org.jtorch;

import java.util.ArrayList;
import java.util.List;

/**
 * The declaration of an operator as PyTorch writes it: {@code aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) ->
 * Tensor}.
 *
 * @param name the name with its namespace, {@code aten::add}
 * @param overload the name of the overload, {@code Tensor}; empty if it has none
 * @param arguments the arguments in order
 * @param returns the types of the results in order, such as {@code Tensor} or {@code Tensor[]}
 */
public record OperatorSchema(String name, String overload, List<Operator.Argument> arguments, List<String> returns) {

    /** Creates a schema. */
    public OperatorSchema {
        arguments = List.copyOf(arguments);
        returns = List.copyOf(returns);
    }

    /** Returns the name as PyTorch writes it, such as {@code aten::add.Tensor}. */
    public String fullName() {
        return overload.isEmpty() ? name : name + "." + overload;
    }

    /**
     * Reads a declaration.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static OperatorSchema parse(String text) {
        int open = text.indexOf('(');
        int arrow = text.lastIndexOf("->");
        if (open < 0 || arrow < open || !text.substring(0, open).contains("::")) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is not the schema of an operator, such as 'mylib::scaled(Tensor x, float factor=2.0) -> Tensor'");
        }
        String whole = text.substring(0, open).strip();
        int dot = whole.indexOf('.');
        return new OperatorSchema(
                dot < 0 ? whole : whole.substring(0, dot),
                dot < 0 ? "" : whole.substring(dot + 1),
                arguments(text),
                returns(text.substring(arrow + 2).strip()));
    }

    /** Returns the types of {@code "(Tensor values, Tensor(a!) indices)"} or of {@code "Tensor"}. */
    private static List<String> returns(String text) {
        String plain = text.replaceAll("([A-Za-z])\\([^)]*\\)", "$1"); // without the alias annotations
        String inner = plain.startsWith("(") && plain.endsWith(")") ? plain.substring(1, plain.length() - 1) : plain;
        List<String> types = new ArrayList<>();
        for (String each : inner.split(",")) {
            String type = each.strip().replaceAll(" .*", "");
            if (!type.isEmpty()) {
                types.add(type.replace("SymInt", "int"));
            }
        }
        return types;
    }

    private static List<Operator.Argument> arguments(String text) {
        List<Operator.Argument> arguments = new ArrayList<>();
        boolean keywordOnly = false;
        for (String declared : declarations(text)) {
            if (declared.equals("*")) {
                keywordOnly = true;
            } else {
                arguments.add(argument(declared, keywordOnly));
            }
        }
        return arguments;
    }

    /** Returns an argument that is declared as {@code "Tensor(a!) self"} or {@code "int dim=-1"}. */
    private static Operator.Argument argument(String declared, boolean keywordOnly) {
        // "Tensor(a -> *) self": the parentheses contain alias annotations
        int from = declared.startsWith("Tensor(") ? declared.indexOf(')') : 0;
        int space = declared.indexOf(' ', Math.max(from, 0));
        if (space < 0) {
            throw new IllegalArgumentException("the argument '" + declared + "' of a schema has no type");
        }
        String type = declared.substring(0, space).replaceAll("\\([^)]*\\)", "").replace("SymInt", "int");
        String name = declared.substring(space + 1);
        int equals = name.indexOf('=');
        return new Operator.Argument(
                equals < 0 ? name : name.substring(0, equals),
                type,
                keywordOnly,
                equals >= 0,
                equals < 0 ? null : OperatorDefaults.of(name.substring(equals + 1), type),
                declared.substring(0, space).contains("!)"),
                declared.substring(0, space).contains("("));
    }

    /** Returns the declarations between the commas of the outer parentheses. */
    private static List<String> declarations(String schema) {
        List<String> declarations = new ArrayList<>();
        int depth = 0;
        int from = schema.indexOf('(') + 1;
        for (int i = from; depth >= 0 && i < schema.length(); i++) {
            char c = schema.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (depth < 0 || (depth == 0 && c == ',')) {
                String declaration = schema.substring(from, i).strip();
                if (!declaration.isEmpty() && !declaration.equals("...")) {
                    declarations.add(declaration);
                }
                from = i + 1;
            }
        }
        return declarations;
    }
}
