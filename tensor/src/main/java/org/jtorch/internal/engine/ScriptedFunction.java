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
 * An operation whose forward and backward passes are TorchScript, so that both run in the engine without calling Java. In
 * the graph it is a single node of the engine: it keeps tensors as the engine's operations do, detects whether they were
 * changed in place, frees them after a backward pass, and needs no {@link Lifelines lifeline}. Use {@code
 * org.jtorch.internal.Hub} for functions that only Java can compute.
 *
 * <p>TorchScript's executor uses such a node to run a part of a program that it has differentiated ({@code
 * prim::DifferentiableGraph}). Here the derivative is given instead. The source defines:
 *
 * <pre>
 *   forward(inputs…)           to one tensor; computed without being recorded
 *   backward(gradient, kept…)  to a tuple of gradients, of the first inputs, each a tensor or None
 * </pre>
 *
 * <p>The backward pass is recorded if the engine creates a graph ({@code torch.is_grad_enabled()}), and then must consist
 * of operations that have a derivative. If there is no gradient, the argument is not a floating-point tensor.
 */
public final class ScriptedFunction {

    /** Replaces an operator. The source can only name operators of the namespace aten, which may stand for others. */
    @FunctionalInterface
    public interface Substitute {

        /**
         * Returns a node for {@code graph} with one output, not yet inserted. What it needs is inserted before {@code
         * node}.
         */
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
     * @param source the TorchScript source
     * @param gradients the number of inputs, from the first, whose gradients the backward pass returns
     * @param kept the indices of the inputs that the backward pass gets
     * @param substitutes replacements by the qualified name of the operator in the source
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

    /** Returns an array, for overloads in which a single number would be a size. */
    private static LongVector indices(int... values) {
        return new LongVector(Arrays.stream(values).asLongStream().toArray());
    }

    /**
     * Returns an executor that runs the program unchanged. The default executor would first observe some runs, and then
     * specialize the program for them.
     */
    private static synchronized GraphExecutor asWritten(Graph graph) {
        BoolPointer profiling = torch.getProfilingMode();
        boolean before = profiling.get();
        profiling.put(false);
        try (IValueVector none = new IValueVector()) {
            GraphExecutor executor = new GraphExecutor(graph, "scripted", torch.ExecutorExecutionMode.SIMPLE.value);
            executor.getPlanFor(none); // creates the inner executors in the current mode
            return executor;
        } finally {
            profiling.put(before);
        }
    }

    /**
     * Runs the forward pass, and records it if an input requires grad.
     *
     * @param inputs tensors, booleans or null, as many as the forward function of the source has parameters
     * @return the output, which the caller must close
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
