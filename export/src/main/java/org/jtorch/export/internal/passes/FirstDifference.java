package org.jtorch.export.internal.passes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.Node;
import org.jtorch.export.internal.run.NodeText;
import org.jtorch.export.internal.run.PlanBuilder;

/**
 * Finds the first node whose result differs between a plain graph and the same after passes have rewritten it. Values that both have
 * are compared by their names, as they were directly after the node that made them.
 */
public final class FirstDifference {

    private FirstDifference() {}

    /**
     * Returns which node differs and by how much, or null if no value that both graphs have differs.
     *
     * @param plain the values of the plain graph, from {@link #values}
     * @param rewritten the values of the rewritten graph
     */
    public static @Nullable String of(
            Graph plain,
            Map<String, Tensor> plainValues,
            Graph rewritten,
            Map<String, Tensor> values,
            Tolerance tolerance) {
        Map<String, Node> producers = new HashMap<>();
        for (Node node : rewritten.nodes()) {
            node.outputs().forEach(output -> output.names().forEach(name -> producers.put(name, node)));
        }
        for (Node node : plain.nodes()) {
            for (String name : tensors(node)) {
                Tensor expected = plainValues.get(name);
                Tensor actual = values.get(name);
                String difference = expected == null || actual == null ? null : tolerance.difference(actual, expected);
                if (difference != null) {
                    return NodeText.of(node) + ", which " + difference + now(node, producers.get(name));
                }
            }
        }
        return null;
    }

    /** Says what computes the value in the rewritten graph, if that is another operator. */
    private static String now(Node plain, @Nullable Node rewritten) {
        if (rewritten == null) {
            return " and is computed once";
        }
        return rewritten.target().equals(plain.target())
                ? ""
                : " and is computed by " + rewritten.target().replaceFirst("^torch\\.ops\\.", "");
    }

    /**
     * Runs a graph and returns all tensors that it computes, by their names.
     *
     * @param inputs the inputs of the graph in order
     */
    public static Map<String, Tensor> values(Graph graph, List<? extends @Nullable Object> inputs) {
        List<Node> nodes = new ArrayList<>();
        List<Argument> outputs = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(node);
            for (String name : tensors(node)) {
                String copy = name + " copy"; // no name in a graph has a space
                nodes.add(Node.of(
                        copy,
                        "torch.ops.aten.clone.default",
                        List.of(Nodes.tensor("self", name)),
                        List.of(new Argument.Tensor(copy))));
                names.add(name);
                outputs.add(new Argument.Tensor(copy));
            }
        }
        Graph watched = new Graph(
                graph.inputs(),
                outputs,
                nodes,
                graph.tensorValues(),
                graph.symIntValues(),
                graph.symBoolValues(),
                false,
                graph.customObjValues(),
                graph.symFloatValues());
        Map<String, Tensor> values = new HashMap<>();
        for (int i = 0; i < graph.inputs().size(); i++) {
            List<String> input = graph.inputs().get(i).names();
            if (input.size() == 1 && inputs.get(i) instanceof Tensor tensor) {
                values.put(input.get(0), tensor);
            }
        }
        List<@Nullable Object> made = PlanBuilder.ofRewritten(watched).run(inputs);
        for (int i = 0; i < names.size(); i++) {
            if (made.get(i) instanceof Tensor tensor) {
                values.put(names.get(i), tensor);
            }
        }
        return values;
    }

    /** Returns the names of the tensors that a node makes. */
    private static List<String> tensors(Node node) {
        List<String> names = new ArrayList<>();
        for (Argument output : node.outputs()) {
            if (output instanceof Argument.Tensor || output instanceof Argument.Tensors) {
                output.names().stream().filter(name -> !name.isEmpty()).forEach(names::add);
            }
        }
        return names;
    }
}
