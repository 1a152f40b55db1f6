package org.jtorch.export.internal.script;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.ModuleCall;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.RangeConstraint;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.symbols.Expression;
import org.jtorch.export.internal.tree.TreeSpec;

/** Writes the arguments of a method in TorchScript: their declaration, their values in the graph, and the checks of both. */
final class SourceInputs {

    private final Program program;
    private final Graph graph;
    private final SourceLines lines;
    private final SourceValues values;

    /**
     * Creates what writes the inputs of a program.
     *
     * @param values receives the inputs of the graph
     */
    SourceInputs(Program program, SourceLines lines, SourceValues values) {
        this.program = program;
        this.graph = program.graphModule().graph();
        this.lines = lines;
        this.values = values;
    }

    /** Returns the declaration of the arguments. */
    String declared(ModuleCall.Signature call) {
        List<InputSpec> specs = program.graphModule().signature().inputSpecs();
        List<InputSpec> users = new ArrayList<>();
        List<String> leafTypes = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            InputSpec spec = specs.get(i);
            if (spec instanceof InputSpec.ParameterInput parameter) {
                values.put(spec.input(), ForwardSource.path(parameter.parameterName()));
            } else if (spec instanceof InputSpec.BufferInput buffer) {
                values.put(spec.input(), ForwardSource.path(buffer.bufferName()));
            } else if (spec instanceof InputSpec.TensorConstant constant) {
                values.put(spec.input(), ForwardSource.path(constant.tensorConstantName()));
            } else {
                users.add(spec);
                leafTypes.add(
                        spec instanceof InputSpec.ConstantInput constant
                                ? type(constant.value())
                                : SourceTrees.optional(
                                        SourceValues.type(graph.inputs().get(i))));
            }
        }
        TreeSpec tree = TreeSpec.parse(call.inSpec(), program.graphModule().treespecNamedtupleFields());
        List<String> declared = new ArrayList<>();
        int leaf = 0;
        List<TreeSpec> all = new ArrayList<>(tree.children().get(0).children());
        int positional = all.size();
        all.addAll(tree.children().get(1).children());
        List<Integer> lateKeywords = new ArrayList<>();
        List<String> defaults = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            TreeSpec each = all.get(i);
            String wanted = i >= positional
                    ? String.valueOf(tree.children().get(1).keys().get(i - positional))
                    : call.forwardArgNames() != null && call.forwardArgNames().size() >= positional
                            ? call.forwardArgNames().get(i)
                            : "arg" + i;
            String name = lines.variable(wanted);
            List<String> texts = new ArrayList<>();
            List<String> own = leafTypes.subList(leaf, leaf + each.leaves());
            String type = SourceTrees.type(each, own.iterator(), name, texts);
            for (int t = 0; t < texts.size(); t++) {
                InputSpec spec = users.get(leaf + t);
                if (spec instanceof InputSpec.ConstantInput constant) {
                    check(texts.get(t), constant);
                } else if (!spec.input().isEmpty()) {
                    String variable = texts.get(t);
                    if (!variable.equals(name)) {
                        variable = lines.variable(spec.input());
                        lines.add(variable + " = " + texts.get(t));
                    }
                    values.put(spec.input(), variable);
                    check(variable, spec.input());
                }
            }
            boolean constant = each.kind() == TreeSpec.Kind.LEAF && users.get(leaf) instanceof InputSpec.ConstantInput;
            defaults.add(constant ? " = " + constant(((InputSpec.ConstantInput) users.get(leaf)).value()) : "");
            declared.add(name + ": " + type);
            leaf += each.leaves();
            if (i >= positional && constant) {
                lateKeywords.add(i); // arguments with defaults stand last, as Python requires
            }
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < declared.size(); i++) {
            if (!lateKeywords.contains(i)) {
                order.add(i);
            }
        }
        order.addAll(lateKeywords);
        String joined = "";
        boolean allowed = true;
        for (int at = order.size() - 1; at >= 0; at--) {
            int i = order.get(at);
            allowed &= !defaults.get(i).isEmpty();
            joined = ", " + declared.get(i) + (allowed ? defaults.get(i) : "") + joined;
        }
        return "self" + joined;
    }

    private static String type(InputSpec.ConstantValue value) {
        return value instanceof InputSpec.ConstantValue.Int
                ? "int"
                : value instanceof InputSpec.ConstantValue.Float
                        ? "float"
                        : value instanceof InputSpec.ConstantValue.Text
                                ? "str"
                                : value instanceof InputSpec.ConstantValue.Bool ? "bool" : "Optional[Tensor]";
    }

    private static String constant(InputSpec.ConstantValue value) {
        if (value instanceof InputSpec.ConstantValue.Int number) {
            return String.valueOf(number.value());
        }
        if (value instanceof InputSpec.ConstantValue.Float number) {
            return SourceText.of(number.value());
        }
        if (value instanceof InputSpec.ConstantValue.Text words) {
            return SourceText.of(words.value());
        }
        return value instanceof InputSpec.ConstantValue.Bool truth ? SourceText.of(truth.value()) : "None";
    }

    private void check(String variable, InputSpec.ConstantInput input) {
        boolean none = input.value() instanceof InputSpec.ConstantValue.None;
        String value = constant(input.value());
        lines.add("assert " + variable + (none ? " is " : " == ") + value + ", "
                + SourceText.of(
                        "input '" + input.name() + "' must be " + value + ", with which the program was exported"));
    }

    /** Writes the check of an input's sizes, as far as they are fixed or have a range. */
    private void check(String variable, String name) {
        TensorMeta meta = graph.tensorValues().get(name);
        if (meta == null) {
            return;
        }
        int dims = meta.sizes().size();
        lines.add("assert torch.dim(" + variable + ") == " + dims + ", "
                + SourceText.of("input '" + name + "' must have " + dims + " dimensions"));
        for (int i = 0; i < dims; i++) {
            SymInt size = meta.sizes().get(i);
            String actual = "torch.size(" + variable + ", " + i + ")";
            String what = "size " + i + " of input '" + name + "' must be ";
            if (size instanceof SymInt.Known known) {
                lines.add("assert " + actual + " == " + known.value() + ", " + SourceText.of(what + known.value()));
            } else if (Expression.parse(((SymInt.Expression) size).value().exprStr())
                    instanceof Expression.Symbol symbol) {
                RangeConstraint range = program.rangeConstraints().get(symbol.name());
                if (range != null && (range.minVal() != null || range.maxVal() != null)) {
                    String low = range.minVal() == null ? "" : actual + " >= " + range.minVal();
                    String high = range.maxVal() == null ? "" : actual + " <= " + range.maxVal();
                    lines.add("assert " + low + (low.isEmpty() || high.isEmpty() ? "" : " and ") + high + ", "
                            + SourceText.of(what + range));
                }
            }
        }
    }
}
