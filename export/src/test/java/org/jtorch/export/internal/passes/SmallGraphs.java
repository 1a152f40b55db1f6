package org.jtorch.export.internal.passes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.DeviceName;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.export.internal.run.PlanBuilder;

/** Small graphs with one input, {@code x}, for the tests of passes. */
final class SmallGraphs {

    private static final Argument X = new Argument.Tensor("x");

    static NamedArgument in(String name, Object value) {
        Argument argument = value instanceof String text
                ? new Argument.Tensor(text)
                : value instanceof Boolean truth
                        ? new Argument.Bool(truth)
                        : value instanceof Double number
                                ? new Argument.Float(number)
                                : value instanceof Long number ? new Argument.Int(number) : (Argument) value;
        return new NamedArgument(name, argument, NamedArgument.POSITIONAL);
    }

    static Node node(String name, String target, NamedArgument... inputs) {
        return Node.of(name, "torch.ops.aten." + target, List.of(inputs), List.of(new Argument.Tensor(name)));
    }

    static TensorMeta meta(long... sizes) {
        List<SymInt> known = new ArrayList<>();
        for (long size : sizes) {
            known.add(new SymInt.Known(size));
        }
        return new TensorMeta(7, known, false, new DeviceName("cpu", null), known, new SymInt.Known(0), 7);
    }

    static Work work(Map<String, Tensor> constants, Map<String, TensorMeta> metas, String output, Node... nodes) {
        Graph graph = new Graph(
                List.of(X), List.of(new Argument.Tensor(output)), List.of(nodes), metas, null, null, false, null, null);
        return new Work(graph, List.of(X), constants);
    }

    static Tensor run(Work work, Tensor x) {
        List<Object> values = new ArrayList<>(work.constants().values());
        values.add(x);
        return (Tensor) PlanBuilder.ofRewritten(work.graph()).run(values).get(0);
    }

    /** Applies a pass, and checks that the graph still computes the same. */
    static int apply(Pass pass, Work work, Tensor x) {
        Tensor before = run(work, x.clone());
        int changes = pass.apply(work);
        assertTrue(
                run(work, x.clone()).allclose(before, 1e-4, 1e-5), work.graph().toString());
        return changes;
    }

    static List<String> targets(Work work) {
        return work.nodes().stream()
                .map(node -> node.target().replace("torch.ops.", ""))
                .toList();
    }

    static Argument tensors(String... names) {
        return new Argument.Tensors(
                List.of(names).stream().map(Argument.Tensor::new).toList());
    }

    private SmallGraphs() {}
}
