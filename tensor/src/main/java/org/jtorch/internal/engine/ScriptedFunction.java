package org.jtorch.internal.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Block;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Graph;
import org.bytedeco.pytorch.GraphExecutor;
import org.bytedeco.pytorch.GraphFunction;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitNode;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Symbol;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Value;
import org.bytedeco.pytorch.ValueVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An operation whose forward and backward are TorchScript, so that both run in the engine without coming back to Java. In the
 * graph it is one node of the engine's own: it keeps tensors as the engine's operations do, sees whether they were changed in
 * place, frees them after a backward, and needs no {@link Lifelines lifeline}. {@code org.jtorch.internal.Hub} is for what only Java can compute.
 *
 * <p>It is the node by which TorchScript's executor runs a part of a program that it has differentiated
 * ({@code prim::DifferentiableGraph}); only that the derivative is given here. The source defines:
 *
 * <pre>
 *   forward(inputs…)           to one tensor; computed without being recorded
 *   backward(gradient, kept…)  to a tuple of gradients, of the first inputs, each a tensor or None
 * </pre>
 *
 * <p>The backward is recorded where the engine creates a graph ({@code torch.is_grad_enabled()}), and then has to be made of
 * operations that have a derivative. A gradient that did not come is no floating-point tensor.
 */
public final class ScriptedFunction {

    /** The source can name only operators of the namespace aten; one that it names may stand for another. */
    @FunctionalInterface
    public interface Substitute {

        /** A node for {@code graph}, not yet inserted, of one output. What it needs is inserted before {@code node}. */
        JitNode of(Graph graph, JitNode node);
    }

    private static final Symbol DIFFERENTIABLE;
    private static final IValue NONE;
    private static final IValue TRUE;
    private static final IValue FALSE;

    static {
        Engine.load();
        DIFFERENTIABLE = Symbol.fromQualString("prim::DifferentiableGraph");
        NONE = new IValue();
        TRUE = new IValue(true);
        FALSE = new IValue(false);
    }

    /** Owns the functions whose graphs the executor runs. */
    private final CompilationUnit unit;

    private final GraphExecutor executor;

    /**
     * Compiles an operation.
     *
     * @param source TorchScript
     * @param gradients of how many inputs, from the first, the backward returns gradients
     * @param kept which inputs the backward gets
     * @param substitutes by the qualified name of the operator that the source names
     */
    public ScriptedFunction(String source, int gradients, int[] kept, Map<String, Substitute> substitutes) {
        unit = torch.compile(source);
        Graph forward = graph("forward", substitutes);
        Graph backward = graph("backward", substitutes);
        Graph whole = new Graph();
        ValueVector inputs = new ValueVector();
        for (long i = 0; i < forward.inputs().size(); i++) {
            Value input = whole.addInput();
            input.setType(forward.inputs().get(i).type());
            inputs.push_back(input);
        }
        JitNode node = whole.create(DIFFERENTIABLE, inputs, 1);
        node.g_(Symbol.attr("Subgraph"), forward);
        node.g_(Symbol.attr("ReverseSubgraph"), backward);
        node.i_(Symbol.attr("f_real_outputs"), 1);
        node.is_(Symbol.attr("df_input_vjps"), indices(0));
        node.is_(Symbol.attr("df_input_captured_inputs"), indices(kept));
        node.is_(Symbol.attr("df_input_captured_outputs"), indices());
        int[] first = new int[gradients];
        Arrays.setAll(first, i -> i);
        node.is_(Symbol.attr("df_output_vjps"), indices(first));
        whole.insertNode(node);
        whole.registerOutput(node.output());
        executor = asWritten(whole);
    }

    private Graph graph(String name, Map<String, Substitute> substitutes) {
        GraphFunction function = new GraphFunction(unit.get_function(new QualifiedName(name)));
        function.ensure_defined();
        Graph graph = function.graph();
        substitute(graph, graph.block(), substitutes);
        return graph;
    }

    private static void substitute(Graph graph, Block block, Map<String, Substitute> substitutes) {
        List<JitNode> nodes = new ArrayList<>();
        JitNode end = block.return_node();
        for (JitNode node = block.param_node().next(); node.address() != end.address(); node = node.next()) {
            nodes.add(node);
        }
        for (JitNode node : nodes) {
            for (long i = 0; i < node.blocks().size(); i++) {
                substitute(graph, node.blocks().get(i), substitutes);
            }
            Substitute substitute = substitutes.get(node.kind().toQualString().getString());
            if (substitute != null) {
                graph.setInsertPoint(node);
                JitNode other = substitute.of(graph, node);
                other.insertBefore(node);
                node.output().replaceAllUsesWith(other.output());
                node.destroy();
            }
        }
    }

    /** An array where a single number would be taken for a size. */
    private static LongVector indices(int... values) {
        return new LongVector(Arrays.stream(values).asLongStream().toArray());
    }

    /** The default executor first watches some runs, and specialises the program for what it saw; this is written as it shall run. */
    private static synchronized GraphExecutor asWritten(Graph graph) {
        BoolPointer profiling = torch.getProfilingMode();
        boolean before = profiling.get();
        profiling.put(false);
        try (IValueVector none = new IValueVector()) {
            GraphExecutor executor = new GraphExecutor(graph, "scripted", torch.ExecutorExecutionMode.SIMPLE.value);
            executor.getPlanFor(none); // makes the inner executors, which have the mode of this moment
            return executor;
        } finally {
            profiling.put(before);
        }
    }

    /**
     * Runs the forward, and records it where an input requires grad.
     *
     * @param inputs tensors, booleans or null, as many as the source's forward takes
     * @return the output, the caller's to close
     */
    public Tensor call(@Nullable Object... inputs) {
        try (IValueVector stack = new IValueVector()) {
            for (@Nullable Object input : inputs) {
                push(stack, input);
            }
            executor.run(stack);
            try (IValue result = stack.get(0);
                    Tensor lent = result.toTensor()) {
                return new Tensor(lent);
            }
        }
    }

    private static void push(IValueVector stack, @Nullable Object input) {
        if (input instanceof Tensor tensor) {
            try (IValue value = new IValue(tensor)) {
                stack.push_back(value);
            }
        } else {
            stack.push_back(input == null ? NONE : Boolean.TRUE.equals(input) ? TRUE : FALSE);
        }
    }
}
