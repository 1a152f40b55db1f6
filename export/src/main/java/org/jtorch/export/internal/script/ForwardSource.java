package org.jtorch.export.internal.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Operator;
import org.jtorch.TorchException;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.ModuleCall;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.OutputSpec;
import org.jtorch.export.graph.Program;
import org.jtorch.export.internal.run.NodeText;
import org.jtorch.export.internal.tree.TreeSpec;

/** Writes the method {@code forward} of a program in TorchScript: a line for each node. */
final class ForwardSource {

    private static final String OPS = "torch.ops.";
    private static final String GRAPHS = OPS + "higher_order.";

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
    private final SourceLines lines = new SourceLines();

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
        SourceValues values = new SourceValues(lines);
        String arguments = new SourceInputs(program, lines, values).declared(call);
        List<SourceTrees.Typed> made = new ArrayList<>();
        for (Node node : graph.nodes()) {
            node(node, values);
        }
        List<OutputSpec> specs = program.graphModule().signature().outputSpecs();
        Map<String, String> state = new HashMap<>();
        program.graphModule().signature().inputSpecs().forEach(spec -> {
            if (spec instanceof InputSpec.UserInput) {
                state.put(spec.input(), values.variableOrEmpty(spec.input()));
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
                made.add(new SourceTrees.Typed(values.text(output, null, "an output"), SourceValues.type(output)));
            }
        }
        SourceTrees.Typed result = SourceTrees.value(
                TreeSpec.parse(call.outSpec(), program.graphModule().treespecNamedtupleFields()), made.iterator());
        String type = SourceTrees.returned(result);
        if (result.text().startsWith("[") || result.text().startsWith("{")) {
            String all = lines.variable("result");
            lines.add(all + ": " + type + " = " + result.text());
            lines.add("return " + all);
        } else {
            lines.add("return " + result.text());
        }
        return lines.method("def forward(" + arguments + ") -> " + type + ":");
    }

    private void change(String target, SourceValues values, Argument.Tensor made) {
        lines.add(target + ".detach().copy_(" + values.variable(made.name(), "an output") + ".detach())");
    }

    /** Returns the expression for a parameter or buffer. */
    static String path(String name) {
        String object = "self";
        for (String part : name.split("\\.", -1)) {
            object = SourceText.attribute(object, part);
        }
        return object;
    }

    // --- nodes -------------------------------------------------------------------------------------------------

    private void node(Node node, SourceValues values) {
        String target = node.target();
        if (target.startsWith(GRAPHS)) {
            new SourceGraphs(lines, values, this::node).add(node, target.substring(GRAPHS.length()));
        } else if (target.startsWith(OPS)) {
            operator(node, target.substring(OPS.length()).split("\\.", -1), values);
        } else {
            assign(node, values, List.of(SourceFunctions.of(node, values)));
        }
    }

    /** Returns the refusal of a node. */
    static ExportException cannot(Node node, String why) {
        return new ExportException(NodeText.of(node) + " cannot be written as TorchScript: " + why
                + ". ExportedProgram.save can write the program for torch.export");
    }

    private void operator(Node node, String[] parts, SourceValues values) {
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
                arguments.add((byName ? argument.name() + "=" : "") + values.text(value, argument.type(), where));
            }
        }
        String function = SIZES.getOrDefault(name, parts[1]);
        String call = "torch." + function + "(" + String.join(", ", arguments) + ")";
        if (node.outputs().size() == 1 && (parts[1].equals("_local_scalar_dense") || parts[1].equals("item"))) {
            String type = SourceValues.type(node.outputs().get(0));
            call = type + "(" + arguments.get(0) + ")";
        }
        if (node.outputs().size() == 1
                && (node.outputs().get(0) instanceof Argument.Tensors
                        || node.outputs().get(0) instanceof Argument.OptionalTensors)) {
            String list = lines.variable(parts[1] + "_parts");
            lines.add(list + " = " + call);
            List<String> made = node.outputs().get(0).names();
            for (int i = 0; i < made.size(); i++) {
                if (!made.get(i).isEmpty()) {
                    lines.add(values.define(made.get(i)) + " = " + list + "[" + i + "]");
                }
            }
            return;
        }
        if (node.outputs().size() > 1) {
            List<String> targets = new ArrayList<>();
            for (Argument output : node.outputs()) {
                List<String> made = output.names();
                targets.add(
                        made.isEmpty() || made.get(0).isEmpty()
                                ? lines.variable("unused")
                                : values.define(made.get(0)));
            }
            lines.add(String.join(", ", targets) + " = " + call);
            return;
        }
        assign(node, values, List.of(call));
    }

    /** Writes the values of a node's outputs. */
    private void assign(Node node, SourceValues values, List<String> made) {
        for (int i = 0; i < made.size(); i++) {
            List<String> output =
                    i < node.outputs().size() ? node.outputs().get(i).names() : List.of();
            lines.add((output.isEmpty() || output.get(0).isEmpty() ? "" : values.define(output.get(0)) + " = ")
                    + made.get(i));
        }
    }
}
