package org.jtorch.export.internal.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.CustomOperators;
import org.jtorch.export.graph.Argument;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.NamedArgument;
import org.jtorch.export.graph.Node;
import org.junit.jupiter.api.Test;

/** Running graphs that are written here. */
class PlanTest {

    private static final Argument X = new Argument.Tensor("x");

    private static NamedArgument in(String name, Argument value) {
        return new NamedArgument(name, value, NamedArgument.POSITIONAL);
    }

    private static Node node(String name, String target, NamedArgument... inputs) {
        return Node.of(name, target, List.of(inputs), List.of(new Argument.Tensor(name)));
    }

    private static Graph graph(List<Argument> outputs, Node... nodes) {
        return new Graph(List.of(X), outputs, List.of(nodes), Map.of(), Map.of(), Map.of(), false, Map.of(), Map.of());
    }

    private static Argument value(String name) {
        return new Argument.Tensor(name);
    }

    /** y = relu(x), z = seen(y), w = neg(z). */
    private static Graph seen() {
        return graph(
                List.of(value("w")),
                node("y", "torch.ops.aten.relu.default", in("self", X)),
                node("z", "torch.ops.test.seen.default", in("x", value("y"))),
                node("w", "torch.ops.aten.neg.default", in("self", value("z"))));
    }

    private static List<Tensor> register() {
        List<Tensor> seen = new ArrayList<>();
        CustomOperators.register("test::seen(Tensor x, float factor=2.0) -> Tensor", arguments -> {
            seen.add((Tensor) arguments.get(0));
            return List.of(((Tensor) arguments.get(0)).mul((Double) arguments.get(1)));
        });
        return seen;
    }

    @Test
    void anOperatorInJavaGetsItsDefaults() {
        register();
        Tensor w = (Tensor) PlanBuilder.of(seen())
                .run(List.of(Torch.tensor(new double[] {2, 3})))
                .get(0);
        assertArrayEquals(new double[] {-4, -6}, w.toDoubleArray());
    }

    @Test
    void tensorsAreFreedAtTheirLastUse() {
        List<Tensor> seen = register();
        Tensor x = Torch.ones(3);
        Tensor w = (Tensor) PlanBuilder.of(seen()).run(List.of(x)).get(0);
        assertTrue(seen.get(0).isClosed());
        assertFalse(x.isClosed());
        assertFalse(w.isClosed());
    }

    @Test
    void tensorsAreKeptWhileOperationsAreRecorded() {
        List<Tensor> seen = register();
        try (OpRecorder recorder = OpRecorder.start(op -> {})) {
            PlanBuilder.of(seen()).run(List.of(Torch.ones(3)));
        }
        assertFalse(seen.get(0).isClosed());
    }

    @Test
    void anInputThatIsAnOutputIsNotFreed() {
        Tensor x = Torch.ones(3);
        Graph graph = graph(List.of(X, value("y")), node("y", "torch.ops.aten.relu.default", in("self", X)));
        List<?> outputs = PlanBuilder.of(graph).run(List.of(x));
        assertEquals(x, outputs.get(0));
        assertFalse(x.isClosed());
    }

    @Test
    void aNumberStandsForATensorWithoutChangingTheDtype() {
        Graph graph = graph(
                List.of(value("y")),
                node("y", "torch.ops.aten.add.Tensor", in("self", X), in("other", new Argument.Float(0.5))));
        Tensor y = (Tensor) PlanBuilder.of(graph)
                .run(List.of(Torch.ones(2).to(DType.BFLOAT16)))
                .get(0);
        assertEquals(DType.BFLOAT16, y.dtype());
        assertEquals(1.5, y.select(0, 0).item());
    }

    @Test
    void aFailureNamesTheNodeItsModuleAndTheLineOfPython() {
        Node node = new Node(
                "torch.ops.aten.mm.default",
                List.of(in("self", X), in("mat2", X)),
                List.of(value("y")),
                Map.of(
                        "nn_module_stack", "L__self__,,Net;L__self___fc,encoder.fc,torch.nn.modules.linear.Linear",
                        "stack_trace", "  File \"/home/me/model.py\", line 12, in forward\n    return x @ x"),
                null,
                "y");
        ExportException e = assertThrows(ExportException.class, () -> PlanBuilder.of(graph(List.of(value("y")), node))
                .run(List.of(Torch.ones(2, 3))));
        assertTrue(
                e.getMessage().startsWith("node 'y' (aten.mm.default) of encoder.fc at model.py line 12 failed: "),
                e.getMessage());
    }

    @Test
    void anotherNumberOfResultsIsRefused() {
        Node node =
                Node.of("y", "torch.ops.aten.relu.default", List.of(in("self", X)), List.of(value("y"), value("z")));
        ExportException e = assertThrows(ExportException.class, () -> PlanBuilder.of(graph(List.of(value("z")), node))
                .run(List.of(Torch.ones(2))));
        assertTrue(e.getMessage().contains("returned 1 values, but the graph has names for 2"), e.getMessage());
    }

    @Test
    void theTextOfAGraphHasALineForEachNode() {
        assertEquals(
                "graph(x):\n    y = aten.relu.default(x)\n    z = test.seen.default(y)\n"
                        + "    w = aten.neg.default(z)\n    return w",
                seen().toString());
    }
}
