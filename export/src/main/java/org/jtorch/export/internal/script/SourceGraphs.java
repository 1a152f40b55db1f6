package org.jtorch.export.internal.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.run.NodeText;

/** Writes operators on graphs, such as {@code cond}, in TorchScript. The nodes of an inner graph take the operator's place. */
final class SourceGraphs {

    private final SourceLines lines;
    private final SourceValues values;
    private final BiConsumer<Node, SourceValues> nodes;

    /**
     * Creates what writes operators of a graph.
     *
     * @param values the values of the graph
     * @param nodes writes a node of an inner graph, with the values of that graph
     */
    SourceGraphs(SourceLines lines, SourceValues values, BiConsumer<Node, SourceValues> nodes) {
        this.lines = lines;
        this.values = values;
        this.nodes = nodes;
    }

    /**
     * Writes a node.
     *
     * @param kind the operator without its namespace
     */
    void add(Node node, String kind) {
        List<Argument> inputs = node.inputs().stream().map(NamedArgument::arg).toList();
        switch (kind) {
            case "cond" -> cond(node, inputs);
            case "while_loop" -> whileLoop(node, inputs);
            case "map", "map_impl" -> map(node, inputs);
            case "wrap_with_set_grad_enabled" -> {
                boolean on = inputs.get(0) instanceof Argument.Bool enabled && enabled.value();
                List<String> made = graph(sub(node, inputs, 1), each(inputs.subList(2, inputs.size()), node), node);
                List<Argument> outputs = sub(node, inputs, 1).outputs();
                List<String> results = new ArrayList<>();
                for (int i = 0; i < made.size(); i++) {
                    // what is computed without gradients has none, and nothing else leaves the part
                    boolean tensor = outputs.get(i) instanceof Argument.Tensor;
                    results.add(tensor && !on ? "torch.detach(" + made.get(i) + ")" : made.get(i));
                }
                assignAll(node, results);
            }
            default -> throw ForwardSource.cannot(node, "TorchScript source has no form for this operator on graphs");
        }
    }

    private static Graph sub(Node node, List<Argument> inputs, int index) {
        if (index < inputs.size() && inputs.get(index) instanceof Argument.SubGraph branch) {
            return branch.graph();
        }
        throw ForwardSource.cannot(node, "its argument " + index + " is no graph");
    }

    /** Returns the texts of arguments, or of the elements of an argument that is a list. */
    private List<String> each(List<Argument> arguments, Node node) {
        List<String> texts = new ArrayList<>();
        for (Argument argument : arguments) {
            texts.add(values.text(argument, null, NodeText.of(node)));
        }
        return texts;
    }

    private List<String> elements(List<Argument> inputs, int index, Node node) {
        if (index >= inputs.size()) {
            return List.of();
        }
        Argument list = inputs.get(index);
        if (list instanceof Argument.Tensors tensors) {
            return each(List.copyOf(tensors.value()), node);
        }
        if (list instanceof Argument.SymInts numbers) {
            return numbers.value().stream()
                    .map(each -> values.number(each, NodeText.of(node)))
                    .toList();
        }
        if (list instanceof Argument.Ints numbers) {
            return numbers.value().stream().map(String::valueOf).toList();
        }
        if (list instanceof Argument.OptionalTensors tensors) {
            return tensors.value().stream()
                    .map(each -> each.names().isEmpty()
                            ? "None"
                            : values.variable(each.names().get(0), NodeText.of(node)))
                    .toList();
        }
        throw ForwardSource.cannot(node, "its operands are not a list of tensors or numbers");
    }

    /** Writes the nodes of a graph in place, and returns the texts of its outputs. */
    private List<String> graph(Graph graph, List<String> arguments, Node node) {
        if (graph.inputs().size() != arguments.size()) {
            throw ForwardSource.cannot(
                    node, "a graph takes " + graph.inputs().size() + " values, but is given " + arguments.size());
        }
        SourceValues inner = new SourceValues(lines);
        for (int i = 0; i < arguments.size(); i++) {
            List<String> input = graph.inputs().get(i).names();
            if (!input.isEmpty()) {
                inner.put(input.get(0), arguments.get(i));
            }
        }
        graph.nodes().forEach(each -> nodes.accept(each, inner));
        return graph.outputs().stream()
                .map(output -> inner.text(output, null, "an output of a graph"))
                .toList();
    }

    private static List<String> outputs(Node node) {
        List<String> outputs = new ArrayList<>();
        for (Argument output : node.outputs()) {
            outputs.addAll(output.names().isEmpty() ? List.of("") : output.names());
        }
        return outputs;
    }

    private void assignAll(Node node, List<String> made) {
        List<String> outputs = outputs(node);
        for (int i = 0; i < outputs.size(); i++) {
            if (!outputs.get(i).isEmpty()) {
                lines.add(values.define(outputs.get(i)) + " = " + made.get(i));
            }
        }
    }

    private void cond(Node node, List<Argument> inputs) {
        String condition = values.text(inputs.get(0), null, NodeText.of(node));
        List<String> operands = elements(inputs, 3, node);
        List<String> outputs = outputs(node);
        List<String> variables = outputs.stream()
                .map(name -> lines.variable(name.isEmpty() ? "unused" : name))
                .toList();
        for (int branch = 1; branch <= 2; branch++) {
            lines.add(branch == 1 ? "if bool(" + condition + "):" : "else:");
            lines.indent();
            List<String> made = graph(sub(node, inputs, branch), operands, node);
            for (int i = 0; i < variables.size(); i++) {
                lines.add(variables.get(i) + " = " + made.get(i));
            }
            if (variables.isEmpty()) {
                lines.add("pass");
            }
            lines.outdent();
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (!outputs.get(i).isEmpty()) {
                values.put(outputs.get(i), variables.get(i));
            }
        }
    }

    private void whileLoop(Node node, List<Argument> inputs) {
        List<String> carried = new ArrayList<>();
        for (String start : elements(inputs, 2, node)) {
            String variable = lines.variable("carried");
            lines.add(variable + " = " + start);
            carried.add(variable);
        }
        List<String> all = new ArrayList<>(carried);
        all.addAll(elements(inputs, 3, node));
        String more = lines.variable("more");
        lines.add(more + " = bool(" + graph(sub(node, inputs, 0), all, node).get(0) + ")");
        lines.add("while " + more + ":");
        lines.indent();
        List<String> next = new ArrayList<>();
        for (String made : graph(sub(node, inputs, 1), all, node)) {
            String variable = lines.variable("next"); // a result may be another carried value
            lines.add(variable + " = " + made);
            next.add(variable);
        }
        for (int i = 0; i < carried.size(); i++) {
            lines.add(carried.get(i) + " = " + next.get(i));
        }
        lines.add(more + " = bool(" + graph(sub(node, inputs, 0), all, node).get(0) + ")");
        lines.outdent();
        List<String> outputs = outputs(node);
        for (int i = 0; i < outputs.size(); i++) {
            values.put(outputs.get(i), carried.get(i));
        }
    }

    private void map(Node node, List<Argument> inputs) {
        List<String> mapped = elements(inputs, 1, node);
        List<String> lists = new ArrayList<>();
        for (int i = 0; i < outputs(node).size(); i++) {
            String list = lines.variable("mapped");
            lines.add(list + ": List[Tensor] = []");
            lists.add(list);
        }
        String index = lines.variable("i");
        lines.add("for " + index + " in range(torch.size(" + mapped.get(0) + ", 0)):");
        lines.indent();
        List<String> arguments = new ArrayList<>();
        for (String tensor : mapped) {
            String element = lines.variable("element");
            lines.add(element + " = torch.select(" + tensor + ", 0, " + index + ")");
            arguments.add(element);
        }
        arguments.addAll(elements(inputs, 2, node));
        List<String> made = graph(sub(node, inputs, 0), arguments, node);
        for (int i = 0; i < lists.size(); i++) {
            lines.add(lists.get(i) + ".append(" + made.get(i) + ")");
        }
        lines.outdent();
        assignAll(node, lists.stream().map(list -> "torch.stack(" + list + ")").toList());
    }
}
