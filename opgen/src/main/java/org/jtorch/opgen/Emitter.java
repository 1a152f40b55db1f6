package org.jtorch.opgen;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The template of the generated classes, with what all operations have in common. */
final class Emitter {

    /** The first line of every generated file, by which it is recognised. */
    static final String FIRST_LINE = "// Generated from the op tables. Do not edit: change the table.\n";

    /** How the documentation of a method mentions the tensor that it is called on. */
    private static final Pattern ON_INPUT = Pattern.compile("\\bself\\b|\\bthis tensor\\b");

    private static final String HEADER = FIRST_LINE + """
            package org.jtorch;

            import java.util.List;
            import org.bytedeco.pytorch.global.torch;
            import org.jspecify.annotations.Nullable;
            import org.jtorch.internal.engine.Modes;
            import org.jtorch.internal.engine.Taps;
            import org.jtorch.internal.guards.*;

            """;

    private Emitter() {}

    /** Returns the source of the interface of one table, with every operation that is called on a tensor. */
    static String ops(OpTable table) {
        StringBuilder out = new StringBuilder(HEADER);
        out.append("/** ").append(javadoc(table.doc())).append(" */\n");
        out.append("public sealed interface ").append(table.name()).append(" permits Tensor {\n");
        for (Op op : table.ops()) {
            if (!op.isStatic()) {
                method(out, op, false);
            }
        }
        return out.append("}\n").toString();
    }

    /** Returns the source of the static methods: factories, and the functional form of every operation that is not in place. */
    static String statics(List<OpTable> tables) {
        StringBuilder out = new StringBuilder(HEADER);
        out.append("""
                /**
                 * The generated static methods of {@link Torch}. Java and Kotlin call them on {@code Torch}; Scala, which
                 * does not see inherited static methods, calls them on this class.
                 */
                public abstract sealed class TorchOps permits TorchArrays {
                    static {
                        Ops.load(); // sets the engine up before its first class loads
                    }

                    TorchOps() {}
                """);
        for (OpTable table : tables) {
            for (Op op : table.ops()) {
                if (op.isStatic()) {
                    method(out, op, true);
                } else if (!op.inPlace() && !op.is("nostatic")) {
                    forward(out, op);
                }
            }
        }
        return out.append("}\n").toString();
    }

    private static void method(StringBuilder out, Op op, boolean isStatic) {
        String modifier = isStatic ? "public static " : "default ";
        doc(out, op);
        out.append("    ")
                .append(modifier)
                .append(op.returns().javaType)
                .append(' ')
                .append(op.name());
        out.append(declaration(op.params())).append(" {\n");
        if (!isStatic) {
            out.append("        Tensor self = (Tensor) this;\n");
        }
        body(out, op, isStatic);
        out.append("    }\n");
        shorter(out, op, modifier, "", op.params().size());
    }

    /**
     * Writes the checks, the conversions, the modes of the thread, the call and the recorders, in this order. Conversions may
     * block, and nothing that blocks may run between {@code Modes.apply()} and the call.
     */
    private static void body(StringBuilder out, Op op, boolean isStatic) {
        for (Param param : op.params()) {
            if (param.type().isRequired()) {
                out.append("        Ops.require(").append(param.name());
                out.append(", \"").append(param.name()).append("\");\n");
            }
        }
        StringBuilder resources = new StringBuilder();
        for (Param param : op.params()) {
            if (param.type() == ArgType.TENSORS) {
                resources.append(resources.isEmpty() ? "" : "; ");
                resources
                        .append("var ")
                        .append(param.name())
                        .append("Vector = Ops.vector(")
                        .append(param.name())
                        .append(')');
            }
        }
        out.append("        try ");
        if (!resources.isEmpty()) {
            out.append('(').append(resources).append(") ");
        }
        out.append("{\n");
        String call = call(out, op, isStatic);
        checks(out, op);
        out.append("            Modes.apply();\n");
        if (op.inPlace()) {
            out.append("            ").append(call).append(";\n");
            out.append("            if (Taps.on) {\n                Ops.tap(");
            tapArguments(out, op, isStatic, "self");
            out.append(");\n            }\n            return self;\n");
        } else {
            out.append("            ").append(op.returns().javaType).append(" result = ");
            out.append(op.returns().convert(call, op.is("view"))).append(";\n");
            out.append("            if (Taps.on) {\n                Ops.tap(");
            tapArguments(out, op, isStatic, "result");
            out.append(");\n            }\n            return result;\n");
        }
        out.append("        } catch (RuntimeException e) {\n");
        out.append("            throw Ops.failure(\"").append(op.aten()).append("\", e);\n        }\n");
    }

    /** Writes the checks that refuse arguments with which the engine would crash. */
    private static void checks(StringBuilder out, Op op) {
        for (Param window : op.windows()) {
            out.append("            Windows.check(\"")
                    .append(Op.snake(window.name()))
                    .append("\", ")
                    .append(window.name())
                    .append(");\n");
        }
        if (op.check() != null) {
            out.append("            ").append(filled(op.check(), op)).append(";\n");
        }
    }

    /** Returns {@code template} with the placeholders replaced by the engine's forms of the tensor and the arguments. */
    private static String filled(String template, Op op) {
        String filled = template;
        for (int i = op.params().size(); i > 0; i--) {
            Param param = op.params().get(i - 1);
            filled = filled.replace("$" + i, param.type().convert(param.name()));
        }
        return filled.replace("$0", "Ops.in(self)");
    }

    private static void tapArguments(StringBuilder out, Op op, boolean isStatic, String result) {
        out.append('"').append(op.aten()).append("\", ").append(result);
        String recorded = op.recorded();
        if (recorded != null) {
            for (String placeholder : recorded.split(",")) {
                int number = Integer.parseInt(placeholder.substring(1));
                out.append(", ")
                        .append(
                                number == 0
                                        ? "self"
                                        : op.params().get(number - 1).name());
            }
            return;
        }
        if (!isStatic) {
            out.append(", self");
        }
        op.params().forEach(p -> out.append(", ").append(p.name()));
    }

    /** Returns the call, after writing the converted arguments that it uses to {@code out} as variables. */
    private static String call(StringBuilder out, Op op, boolean isStatic) {
        String template = op.call();
        boolean needsSelf = !isStatic && (template == null || template.contains("$0"));
        if (needsSelf) {
            out.append("            var in = Ops.in(self);\n");
        }
        List<String> args = new ArrayList<>();
        for (int i = 1; i <= op.params().size(); i++) {
            Param param = op.params().get(i - 1);
            String converted = param.type().convert(param.name());
            boolean used = template == null
                    || Op.PLACEHOLDER.matcher(template).results().anyMatch(isNumber(i));
            if (used && param.type().isConverted()) {
                out.append("            var in")
                        .append(i)
                        .append(" = ")
                        .append(converted)
                        .append(";\n");
                converted = "in" + i;
            }
            args.add(converted);
        }
        if (template != null) {
            String call = template;
            for (int i = args.size(); i > 0; i--) {
                call = call.replace("$" + i, args.get(i - 1));
            }
            return call.replace("$0", "in");
        }
        String name = Op.snake(op.name());
        if (op.inPlace() || op.is("method")) {
            return "in." + name + "(" + String.join(", ", args) + ")";
        }
        if (op.is("factory")) {
            return "torch.torch_" + name + "(" + String.join(", ", args)
                    + ")"; // only these functions set requires_grad
        }
        String self = isStatic ? "" : "in" + (args.isEmpty() ? "" : ", ");
        return "torch." + name + "(" + self + String.join(", ", args) + ")";
    }

    private static Predicate<MatchResult> isNumber(int number) {
        return placeholder -> Integer.parseInt(placeholder.group(1)) == number;
    }

    /** Writes one overload for each number of trailing parameters with defaults that may be left out. */
    private static void shorter(StringBuilder out, Op op, String modifier, String receiver, int full) {
        for (int n = full - 1; n >= 0 && op.params().get(n).defaultValue() != null; n--) {
            List<Param> kept = op.params().subList(0, n);
            doc(out, op);
            out.append("    ")
                    .append(modifier)
                    .append(op.returns().javaType)
                    .append(' ')
                    .append(op.name());
            out.append(declaration(kept))
                    .append(" {\n        return ")
                    .append(receiver)
                    .append(op.name())
                    .append('(');
            out.append(op.params().stream()
                    .map(p -> kept.contains(p) ? p.name() : p.defaultValue())
                    .collect(Collectors.joining(", ")));
            out.append(");\n    }\n");
        }
    }

    /** Writes {@code Torch.add(input, …)}, which calls {@code input.add(…)}. */
    private static void forward(StringBuilder out, Op op) {
        for (int n = op.params().size(); n >= 0; n--) {
            List<Param> kept = op.params().subList(0, n);
            doc(out, op, ON_INPUT.matcher(op.doc()).replaceAll(Emitter::inputFor));
            String inputs = declaration(kept);
            out.append("    public static ")
                    .append(op.returns().javaType)
                    .append(' ')
                    .append(op.name());
            out.append("(Tensor input")
                    .append(kept.isEmpty() ? ")" : ", " + inputs.substring(1))
                    .append(" {\n        Ops.require(input, \"input\");\n");
            out.append("        return input.").append(op.name()).append('(');
            out.append(kept.stream().map(Param::name).collect(Collectors.joining(", ")))
                    .append(");\n    }\n");
            if (n == 0 || op.params().get(n - 1).defaultValue() == null) {
                break;
            }
        }
    }

    private static String declaration(List<Param> params) {
        StringBuilder out = new StringBuilder("(");
        for (int i = 0; i < params.size(); i++) {
            Param param = params.get(i);
            boolean varargs = param.type() == ArgType.LONGS && i == params.size() - 1;
            out.append(i == 0 ? "" : ", ").append(varargs ? "long..." : param.type().javaType);
            out.append(' ').append(param.name());
        }
        return out.append(')').toString();
    }

    private static void doc(StringBuilder out, Op op) {
        doc(out, op, op.doc());
    }

    private static void doc(StringBuilder out, Op op, String text) {
        out.append("\n    /** ").append(javadoc(text));
        out.append(" Operator: {@code ").append(op.aten()).append("}. */\n");
    }

    /** The static functions have a parameter {@code input} for the tensor that the methods are called on. */
    private static String inputFor(MatchResult mention) {
        return mention.group().equals("self") ? "input" : "`input`";
    }

    /** Returns the text with code in backticks written as {@code {@code …}}. */
    static String javadoc(String text) {
        return text.replaceAll("`([^`]*)`", "{@code $1}");
    }
}
