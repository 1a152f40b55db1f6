package org.jtorch.export.internal.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.TorchException;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.ModuleCall;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.OutputSpec;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.RangeConstraint;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.pt2.SchemaTypes;
import org.jtorch.export.internal.run.NodeText;
import org.jtorch.export.internal.symbols.Expression;
import org.jtorch.export.internal.tree.TreeSpec;
import org.jtorch.internal.ScriptHandle;

/**
 * Writes the method {@code forward} of a program in TorchScript: a line for each node. The engine has no names for dtypes in
 * source, so they are numbers.
 */
final class ForwardSource {

    private static final String OPS = "torch.ops.";

    private static final Map<String, String> INFIX = Map.ofEntries(
            Map.entry("_operator.add", "+"),
            Map.entry("_operator.sub", "-"),
            Map.entry("_operator.mul", "*"),
            Map.entry("_operator.floordiv", "//"),
            Map.entry("_operator.mod", "%"),
            Map.entry("_operator.truediv", "/"),
            Map.entry("_operator.eq", "=="),
            Map.entry("_operator.ne", "!="),
            Map.entry("_operator.lt", "<"),
            Map.entry("_operator.le", "<="),
            Map.entry("_operator.gt", ">"),
            Map.entry("_operator.ge", ">="),
            Map.entry("_operator.lshift", "<<"),
            Map.entry("_operator.rshift", ">>"));

    private static final Map<String, String> CALLS = Map.ofEntries(
            Map.entry("torch.sym_max", "max"),
            Map.entry("torch.sym_min", "min"),
            Map.entry("torch.sym_int", "int"),
            Map.entry("math.trunc", "int"),
            Map.entry("math.floor", "torch.floor"),
            Map.entry("math.ceil", "torch.ceil"),
            Map.entry("torch.sym_float", "float"),
            Map.entry("torch.sym_not", "not "),
            Map.entry("_operator.neg", "-"),
            Map.entry("_operator.pos", ""),
            Map.entry("torch.sym_sqrt", "torch.sqrt"),
            Map.entry("torch._sym_sqrt", "torch.sqrt"),
            Map.entry("torch.sym_sqrt.default", "torch.sqrt"));

    /** Operators on sizes that have another name in TorchScript. */
    private static final Map<String, String> SIZES = Map.of(
            "aten::sym_size",
            "size",
            "aten::sym_numel",
            "numel",
            "aten::sym_stride",
            "stride",
            "aten::sym_storage_offset",
            "storage_offset");

    private final Program program;
    private final SourceNames names = new SourceNames();
    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> empty = new LinkedHashMap<>();
    private int indent = 1;

    private ForwardSource(Program program) {
        this.program = program;
    }

    /**
     * Returns the source of {@code forward}.
     *
     * @throws ExportException if the program has something that TorchScript cannot express; the message names the node
     */
    static String of(Program program) {
        return new ForwardSource(program).write();
    }

    // --- the whole ---------------------------------------------------------------------------------------------

    private String write() {
        Graph graph = program.graphModule().graph();
        ModuleCall.Signature call = program.graphModule().moduleCallGraph().stream()
                .filter(each -> each.fqn().isEmpty() && each.signature() != null)
                .map(ModuleCall::signature)
                .findFirst()
                .orElseThrow(
                        () -> new ExportException("the program does not say how its inputs and outputs are nested"));
        Map<String, String> values = new HashMap<>();
        String arguments = arguments(graph, call, values);
        List<SourceTrees.Typed> made = new ArrayList<>();
        for (Node node : graph.nodes()) {
            node(node, values);
        }
        List<OutputSpec> specs = program.graphModule().signature().outputSpecs();
        Map<String, String> state = new HashMap<>();
        program.graphModule().signature().inputSpecs().forEach(spec -> {
            if (spec instanceof InputSpec.UserInput) {
                state.put(spec.input(), values.getOrDefault(spec.input(), ""));
            }
        });
        for (int i = 0; i < specs.size(); i++) {
            OutputSpec spec = specs.get(i);
            Argument output = graph.outputs().get(i);
            if (spec instanceof OutputSpec.BufferMutation buffer) {
                change(path(buffer.bufferName()), values, buffer.arg());
            } else if (spec instanceof OutputSpec.ParameterMutation parameter) {
                change(path(parameter.parameterName()), values, parameter.arg());
            } else if (spec instanceof OutputSpec.UserInputMutation input) {
                change(state.getOrDefault(input.userInputName(), ""), values, input.arg());
            } else {
                made.add(new SourceTrees.Typed(value(output, values, null, "an output"), type(output)));
            }
        }
        SourceTrees.Typed result = SourceTrees.value(
                TreeSpec.parse(call.outSpec(), program.graphModule().treespecNamedtupleFields()), made.iterator());
        String type = SourceTrees.returned(result);
        if (result.text().startsWith("[") || result.text().startsWith("{")) {
            String all = names.of("result");
            line(all + ": " + type + " = " + result.text());
            line("return " + all);
        } else {
            line("return " + result.text());
        }
        StringBuilder head = new StringBuilder("def forward(" + arguments + ") -> " + type + ":\n");
        empty.forEach((list, name) ->
                head.append("    ").append(name).append(": ").append(list).append(" = []\n"));
        return head.append(text).toString();
    }

    private void change(String target, Map<String, String> values, Argument.Tensor made) {
        line(target + ".detach().copy_(" + slot(made.name(), values, "an output") + ".detach())");
    }

    private void line(String line) {
        text.append("    ".repeat(indent)).append(line).append('\n');
    }

    /** Returns the expression for a parameter or buffer. */
    private static String path(String name) {
        String object = "self";
        for (String part : name.split("\\.", -1)) {
            object = SourceText.attribute(object, part);
        }
        return object;
    }

    // --- inputs ------------------------------------------------------------------------------------------------

    private String arguments(Graph graph, ModuleCall.Signature call, Map<String, String> values) {
        List<InputSpec> specs = program.graphModule().signature().inputSpecs();
        List<InputSpec> users = new ArrayList<>();
        List<String> leafTypes = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            InputSpec spec = specs.get(i);
            if (spec instanceof InputSpec.ParameterInput parameter) {
                values.put(spec.input(), path(parameter.parameterName()));
            } else if (spec instanceof InputSpec.BufferInput buffer) {
                values.put(spec.input(), path(buffer.bufferName()));
            } else if (spec instanceof InputSpec.TensorConstant constant) {
                values.put(spec.input(), path(constant.tensorConstantName()));
            } else {
                users.add(spec);
                leafTypes.add(
                        spec instanceof InputSpec.ConstantInput constant
                                ? type(constant.value())
                                : optional(type(graph.inputs().get(i))));
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
            String name = names.of(wanted);
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
                        variable = names.of(spec.input());
                        line(variable + " = " + texts.get(t));
                    }
                    values.put(spec.input(), variable);
                    check(variable, spec.input(), graph);
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
        line("assert " + variable + (none ? " is " : " == ") + value + ", "
                + SourceText.of(
                        "input '" + input.name() + "' must be " + value + ", with which the program was exported"));
    }

    /** Writes the check of an input's sizes, as far as they are fixed or have a range. */
    private void check(String variable, String name, Graph graph) {
        TensorMeta meta = graph.tensorValues().get(name);
        if (meta == null) {
            return;
        }
        int dims = meta.sizes().size();
        line("assert torch.dim(" + variable + ") == " + dims + ", "
                + SourceText.of("input '" + name + "' must have " + dims + " dimensions"));
        for (int i = 0; i < dims; i++) {
            SymInt size = meta.sizes().get(i);
            String actual = "torch.size(" + variable + ", " + i + ")";
            String what = "size " + i + " of input '" + name + "' must be ";
            if (size instanceof SymInt.Known known) {
                line("assert " + actual + " == " + known.value() + ", " + SourceText.of(what + known.value()));
            } else if (Expression.parse(((SymInt.Expression) size).value().exprStr())
                    instanceof Expression.Symbol symbol) {
                RangeConstraint range = program.rangeConstraints().get(symbol.name());
                if (range != null && (range.minVal() != null || range.maxVal() != null)) {
                    String low = range.minVal() == null ? "" : actual + " >= " + range.minVal();
                    String high = range.maxVal() == null ? "" : actual + " <= " + range.maxVal();
                    line("assert " + low + (low.isEmpty() || high.isEmpty() ? "" : " and ") + high + ", "
                            + SourceText.of(what + range));
                }
            }
        }
    }

    // --- nodes -------------------------------------------------------------------------------------------------

    private void node(Node node, Map<String, String> values) {
        String target = node.target();
        if (target.startsWith("torch.ops.higher_order.")) {
            higherOrder(node, target.substring("torch.ops.higher_order.".length()), values);
        } else if (target.startsWith(OPS)) {
            operator(node, target.substring(OPS.length()).split("\\.", -1), values);
        } else {
            assign(node, values, List.of(function(node, values)));
        }
    }

    private String function(Node node, Map<String, String> values) {
        List<String> a = node.inputs().stream()
                .map(each -> "(" + value(each.arg(), values, null, NodeText.of(node)) + ")")
                .toList();
        String target = node.target();
        String infix = INFIX.get(target);
        if (infix != null && a.size() == 2) {
            return a.get(0) + " " + infix + " " + a.get(1);
        }
        String name = CALLS.get(target);
        if (name != null) {
            return name + (a.size() == 1 ? a.get(0) : "(" + String.join(", ", a) + ")");
        }
        boolean truth = !node.outputs().isEmpty() && node.outputs().get(0) instanceof Argument.SymBool;
        boolean whole = !node.outputs().isEmpty() && node.outputs().get(0) instanceof Argument.SymInt;
        switch (target) {
            case "_operator.and_", "_operator.or_" -> {
                boolean and = target.equals("_operator.and_");
                return a.get(0) + (truth ? and ? " and " : " or " : and ? " & " : " | ") + a.get(1);
            }
            case "_operator.pow" -> {
                return whole ? "int(" + a.get(0) + " ** " + a.get(1) + ")" : a.get(0) + " ** " + a.get(1);
            }
            case "torch.sym_ite" -> {
                return a.get(1) + " if " + a.get(0) + " else " + a.get(2);
            }
            default -> throw cannot(node, "it is neither an operator of aten nor a function of sizes");
        }
    }

    private static ExportException cannot(Node node, String why) {
        return new ExportException(NodeText.of(node) + " cannot be written as TorchScript: " + why
                + ". ExportedProgram.save can write the program for torch.export");
    }

    private void operator(Node node, String[] parts, Map<String, String> values) {
        String name = parts[0] + "::" + parts[1];
        if (!parts[0].equals("aten")) {
            throw cannot(node, "only operators of aten are known wherever TorchScript runs");
        }
        if (parts[1].equals("_assert_tensor_metadata") || parts[1].startsWith("sym_constrain_range")) {
            return; // what they check follows from the checks of the inputs
        }
        String where = NodeText.of(node);
        List<Operator.Argument> schema;
        try {
            schema = Operator.find(name, parts[2].equals("default") ? "" : parts[2])
                    .arguments();
        } catch (TorchException e) {
            throw cannot(node, String.valueOf(e.getMessage()));
        }
        Map<String, Argument> given = new LinkedHashMap<>();
        node.inputs().forEach(each -> given.put(each.name(), each.arg()));
        List<String> arguments = new ArrayList<>();
        boolean byName = false;
        for (Operator.Argument argument : schema) {
            Argument value = given.get(argument.name());
            byName |= value == null || argument.keywordOnly();
            if (value != null) {
                arguments.add((byName ? argument.name() + "=" : "") + value(value, values, argument.type(), where));
            }
        }
        String function = SIZES.getOrDefault(name, parts[1]);
        String call = "torch." + function + "(" + String.join(", ", arguments) + ")";
        if (node.outputs().size() == 1 && (parts[1].equals("_local_scalar_dense") || parts[1].equals("item"))) {
            String type = type(node.outputs().get(0));
            call = type + "(" + arguments.get(0) + ")";
        }
        if (node.outputs().size() == 1
                && (node.outputs().get(0) instanceof Argument.Tensors
                        || node.outputs().get(0) instanceof Argument.OptionalTensors)) {
            String list = names.of(parts[1] + "_parts");
            line(list + " = " + call);
            List<String> made = node.outputs().get(0).names();
            for (int i = 0; i < made.size(); i++) {
                if (!made.get(i).isEmpty()) {
                    line(define(made.get(i), values) + " = " + list + "[" + i + "]");
                }
            }
            return;
        }
        if (node.outputs().size() > 1) {
            List<String> targets = new ArrayList<>();
            for (Argument output : node.outputs()) {
                List<String> made = output.names();
                targets.add(made.isEmpty() || made.get(0).isEmpty() ? names.of("unused") : define(made.get(0), values));
            }
            line(String.join(", ", targets) + " = " + call);
            return;
        }
        assign(node, values, List.of(call));
    }

    /** Writes the values of a node's outputs. */
    private void assign(Node node, Map<String, String> values, List<String> made) {
        for (int i = 0; i < made.size(); i++) {
            List<String> output =
                    i < node.outputs().size() ? node.outputs().get(i).names() : List.of();
            line((output.isEmpty() || output.get(0).isEmpty() ? "" : define(output.get(0), values) + " = ")
                    + made.get(i));
        }
    }

    private String define(String name, Map<String, String> values) {
        String variable = names.of(name);
        values.put(name, variable);
        return variable;
    }

    // --- graphs in graphs --------------------------------------------------------------------------------------

    private void higherOrder(Node node, String kind, Map<String, String> values) {
        List<Argument> inputs = node.inputs().stream().map(NamedArgument::arg).toList();
        switch (kind) {
            case "cond" -> cond(node, inputs, values);
            case "while_loop" -> whileLoop(node, inputs, values);
            case "map", "map_impl" -> map(node, inputs, values);
            case "wrap_with_set_grad_enabled" -> {
                boolean on = inputs.get(0) instanceof Argument.Bool enabled && enabled.value();
                List<String> made =
                        graph(sub(node, inputs, 1), each(inputs.subList(2, inputs.size()), node, values), node);
                List<Argument> outputs = sub(node, inputs, 1).outputs();
                List<String> results = new ArrayList<>();
                for (int i = 0; i < made.size(); i++) {
                    // what is computed without gradients has none, and nothing else leaves the part
                    boolean tensor = outputs.get(i) instanceof Argument.Tensor;
                    results.add(tensor && !on ? "torch.detach(" + made.get(i) + ")" : made.get(i));
                }
                assignAll(node, values, results);
            }
            default -> throw cannot(node, "TorchScript source has no form for this operator on graphs");
        }
    }

    private static Graph sub(Node node, List<Argument> inputs, int index) {
        if (index < inputs.size() && inputs.get(index) instanceof Argument.SubGraph branch) {
            return branch.graph();
        }
        throw cannot(node, "its argument " + index + " is no graph");
    }

    /** Returns the texts of arguments, or of the elements of an argument that is a list. */
    private List<String> each(List<Argument> arguments, Node node, Map<String, String> values) {
        List<String> texts = new ArrayList<>();
        for (Argument argument : arguments) {
            texts.add(value(argument, values, null, NodeText.of(node)));
        }
        return texts;
    }

    private List<String> elements(List<Argument> inputs, int index, Node node, Map<String, String> values) {
        if (index >= inputs.size()) {
            return List.of();
        }
        Argument list = inputs.get(index);
        if (list instanceof Argument.Tensors tensors) {
            return each(List.copyOf(tensors.value()), node, values);
        }
        if (list instanceof Argument.SymInts numbers) {
            return numbers.value().stream()
                    .map(each -> number(each, values, NodeText.of(node)))
                    .toList();
        }
        if (list instanceof Argument.Ints numbers) {
            return numbers.value().stream().map(String::valueOf).toList();
        }
        if (list instanceof Argument.OptionalTensors tensors) {
            return tensors.value().stream()
                    .map(each ->
                            each.names().isEmpty() ? "None" : slot(each.names().get(0), values, NodeText.of(node)))
                    .toList();
        }
        throw cannot(node, "its operands are not a list of tensors or numbers");
    }

    /** Writes the nodes of a graph in place, and returns the texts of its outputs. */
    private List<String> graph(Graph graph, List<String> arguments, Node node) {
        if (graph.inputs().size() != arguments.size()) {
            throw cannot(node, "a graph takes " + graph.inputs().size() + " values, but is given " + arguments.size());
        }
        Map<String, String> inner = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            List<String> input = graph.inputs().get(i).names();
            if (!input.isEmpty()) {
                inner.put(input.get(0), arguments.get(i));
            }
        }
        graph.nodes().forEach(each -> node(each, inner));
        return graph.outputs().stream()
                .map(output -> value(output, inner, null, "an output of a graph"))
                .toList();
    }

    private static List<String> outputs(Node node) {
        List<String> outputs = new ArrayList<>();
        for (Argument output : node.outputs()) {
            outputs.addAll(output.names().isEmpty() ? List.of("") : output.names());
        }
        return outputs;
    }

    private void assignAll(Node node, Map<String, String> values, List<String> made) {
        List<String> outputs = outputs(node);
        for (int i = 0; i < outputs.size(); i++) {
            if (!outputs.get(i).isEmpty()) {
                line(define(outputs.get(i), values) + " = " + made.get(i));
            }
        }
    }

    private void cond(Node node, List<Argument> inputs, Map<String, String> values) {
        String condition = value(inputs.get(0), values, null, NodeText.of(node));
        List<String> operands = elements(inputs, 3, node, values);
        List<String> outputs = outputs(node);
        List<String> variables = outputs.stream()
                .map(name -> names.of(name.isEmpty() ? "unused" : name))
                .toList();
        for (int branch = 1; branch <= 2; branch++) {
            line(branch == 1 ? "if bool(" + condition + "):" : "else:");
            indent++;
            List<String> made = graph(sub(node, inputs, branch), operands, node);
            for (int i = 0; i < variables.size(); i++) {
                line(variables.get(i) + " = " + made.get(i));
            }
            if (variables.isEmpty()) {
                line("pass");
            }
            indent--;
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (!outputs.get(i).isEmpty()) {
                values.put(outputs.get(i), variables.get(i));
            }
        }
    }

    private void whileLoop(Node node, List<Argument> inputs, Map<String, String> values) {
        List<String> carried = new ArrayList<>();
        for (String start : elements(inputs, 2, node, values)) {
            String variable = names.of("carried");
            line(variable + " = " + start);
            carried.add(variable);
        }
        List<String> all = new ArrayList<>(carried);
        all.addAll(elements(inputs, 3, node, values));
        String more = names.of("more");
        line(more + " = bool(" + graph(sub(node, inputs, 0), all, node).get(0) + ")");
        line("while " + more + ":");
        indent++;
        List<String> next = new ArrayList<>();
        for (String made : graph(sub(node, inputs, 1), all, node)) {
            String variable = names.of("next"); // a result may be another carried value
            line(variable + " = " + made);
            next.add(variable);
        }
        for (int i = 0; i < carried.size(); i++) {
            line(carried.get(i) + " = " + next.get(i));
        }
        line(more + " = bool(" + graph(sub(node, inputs, 0), all, node).get(0) + ")");
        indent--;
        List<String> outputs = outputs(node);
        for (int i = 0; i < outputs.size(); i++) {
            values.put(outputs.get(i), carried.get(i));
        }
    }

    private void map(Node node, List<Argument> inputs, Map<String, String> values) {
        List<String> mapped = elements(inputs, 1, node, values);
        List<String> lists = new ArrayList<>();
        for (int i = 0; i < outputs(node).size(); i++) {
            String list = names.of("mapped");
            line(list + ": List[Tensor] = []");
            lists.add(list);
        }
        String index = names.of("i");
        line("for " + index + " in range(torch.size(" + mapped.get(0) + ", 0)):");
        indent++;
        List<String> arguments = new ArrayList<>();
        for (String tensor : mapped) {
            String element = names.of("element");
            line(element + " = torch.select(" + tensor + ", 0, " + index + ")");
            arguments.add(element);
        }
        arguments.addAll(elements(inputs, 2, node, values));
        List<String> made = graph(sub(node, inputs, 0), arguments, node);
        for (int i = 0; i < lists.size(); i++) {
            line(lists.get(i) + ".append(" + made.get(i) + ")");
        }
        indent--;
        assignAll(
                node,
                values,
                lists.stream().map(list -> "torch.stack(" + list + ")").toList());
    }

    // --- arguments ---------------------------------------------------------------------------------------------

    private static String optional(String type) {
        return type.equals("None") ? "Optional[Tensor]" : type;
    }

    private static String type(Argument argument) {
        if (argument instanceof Argument.None) {
            return "None";
        } else if (argument instanceof Argument.Int || argument instanceof Argument.SymInt) {
            return "int";
        } else if (argument instanceof Argument.Float || argument instanceof Argument.SymFloat) {
            return "float";
        } else if (argument instanceof Argument.Bool || argument instanceof Argument.SymBool) {
            return "bool";
        } else if (argument instanceof Argument.Text) {
            return "str";
        }
        return SourceTrees.TENSOR;
    }

    private static String slot(String name, Map<String, String> values, String where) {
        String text = values.get(name);
        if (text == null) {
            throw new ExportException(where + " uses the value '" + name + "', which no earlier node computes");
        }
        return text;
    }

    private static String number(Argument.SymIntArgument argument, Map<String, String> values, String where) {
        return argument instanceof Argument.SymIntArgument.Name name
                ? slot(name.value(), values, where)
                : String.valueOf(((Argument.SymIntArgument.Constant) argument).value());
    }

    private static String number(Argument.SymFloatArgument argument, Map<String, String> values, String where) {
        return argument instanceof Argument.SymFloatArgument.Name name
                ? slot(name.value(), values, where)
                : SourceText.of(((Argument.SymFloatArgument.Constant) argument).value());
    }

    private static String truth(Argument.SymBoolArgument argument, Map<String, String> values, String where) {
        return argument instanceof Argument.SymBoolArgument.Name name
                ? slot(name.value(), values, where)
                : SourceText.of(((Argument.SymBoolArgument.Constant) argument).value());
    }

    /**
     * Returns the text of an argument.
     *
     * @param type the type in the operator's schema, such as {@code float[]?}; null if there is none
     */
    private String value(Argument argument, Map<String, String> values, @Nullable String type, String where) {
        boolean real = type != null && type.startsWith("float");
        if (argument instanceof Argument.None) {
            return "None";
        } else if (argument instanceof Argument.Tensor tensor) {
            return slot(tensor.name(), values, where);
        } else if (argument instanceof Argument.OptionalTensor tensor) {
            return tensor.names().isEmpty() ? "None" : slot(tensor.names().get(0), values, where);
        } else if (argument instanceof Argument.Int number) {
            return real ? SourceText.of((double) number.value()) : String.valueOf(number.value());
        } else if (argument instanceof Argument.Float number) {
            return SourceText.of(number.value());
        } else if (argument instanceof Argument.Bool truth) {
            return SourceText.of(truth.value());
        } else if (argument instanceof Argument.Text words) {
            return SourceText.of(words.value());
        } else if (argument instanceof Argument.SymInt number) {
            String text = number(number.value(), values, where);
            return real ? "float(" + text + ")" : text;
        } else if (argument instanceof Argument.SymFloat number) {
            return number(number.value(), values, where);
        } else if (argument instanceof Argument.SymBool truth) {
            return truth(truth.value(), values, where);
        } else if (argument instanceof Argument.ScalarType dtype) {
            return String.valueOf(ScriptHandle.number(SchemaTypes.dtype(dtype.value())));
        } else if (argument instanceof Argument.MemoryFormat format) {
            return String.valueOf(ScriptHandle.number(SchemaTypes.memoryFormat(format.value())));
        } else if (argument instanceof Argument.Layout layout) {
            return String.valueOf(ScriptHandle.number(SchemaTypes.layout(layout.value())));
        } else if (argument instanceof Argument.Device device) {
            return "torch.device(" + SourceText.of(device.value().toString()) + ")";
        }
        return list(argument, values, type, where);
    }

    private String list(Argument argument, Map<String, String> values, @Nullable String type, String where) {
        boolean real = type != null && type.startsWith("float");
        if (argument instanceof Argument.Tensors tensors) {
            List<String> texts = tensors.value().stream()
                    .map(each -> slot(each.name(), values, where))
                    .toList();
            return type != null && type.startsWith("Tensor?[") ? optionals(texts) : joined(texts, "List[Tensor]");
        } else if (argument instanceof Argument.OptionalTensors tensors) {
            return optionals(tensors.value().stream()
                    .map(each ->
                            each.names().isEmpty() ? "None" : slot(each.names().get(0), values, where))
                    .toList());
        } else if (argument instanceof Argument.Ints numbers) {
            return joined(
                    numbers.value().stream()
                            .map(each -> real ? SourceText.of((double) each) : String.valueOf(each))
                            .toList(),
                    real ? "List[float]" : "List[int]");
        } else if (argument instanceof Argument.SymInts numbers) {
            return joined(
                    numbers.value().stream()
                            .map(each -> number(each, values, where))
                            .toList(),
                    "List[int]");
        } else if (argument instanceof Argument.Floats numbers) {
            return joined(numbers.value().stream().map(SourceText::of).toList(), "List[float]");
        } else if (argument instanceof Argument.SymFloats numbers) {
            return joined(
                    numbers.value().stream()
                            .map(each -> number(each, values, where))
                            .toList(),
                    "List[float]");
        } else if (argument instanceof Argument.Bools truths) {
            return joined(truths.value().stream().map(SourceText::of).toList(), "List[bool]");
        } else if (argument instanceof Argument.SymBools truths) {
            return joined(
                    truths.value().stream()
                            .map(each -> truth(each, values, where))
                            .toList(),
                    "List[bool]");
        } else if (argument instanceof Argument.Texts words) {
            return joined(words.value().stream().map(SourceText::of).toList(), "List[str]");
        }
        throw new ExportException(where + " cannot be written as TorchScript: it has an argument of the kind "
                + argument.getClass().getSimpleName());
    }

    /** Returns a list, whose type is known from its elements unless there are none. */
    private String joined(List<String> texts, String type) {
        return texts.isEmpty()
                ? empty.computeIfAbsent(type, key -> names.of("empty"))
                : "[" + String.join(", ", texts) + "]";
    }

    private String optionals(List<String> texts) {
        String list = names.of("indices");
        line(list + ": List[Optional[Tensor]] = [" + String.join(", ", texts) + "]");
        return list;
    }
}
