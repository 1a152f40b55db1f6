package org.jtorch.export;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.internal.draw.Page;
import org.jtorch.export.internal.draw.Weight;
import org.jtorch.export.internal.passes.Aliases;
import org.jtorch.export.internal.passes.Explanation;
import org.jtorch.export.internal.passes.FirstDifference;
import org.jtorch.export.internal.passes.Pass;
import org.jtorch.export.internal.passes.Passes;
import org.jtorch.export.internal.passes.Tolerance;
import org.jtorch.export.internal.passes.Work;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.export.internal.run.Plan;
import org.jtorch.export.internal.run.PlanBuilder;
import org.jtorch.nn.TensorTree;

/** A program after the passes of {@link Compiled}, ready to run, and compared with the plain one. It does not change. */
final class Rewritten {

    /** Thrown if a kernel of oneDNN refuses the sizes or strides of its arguments. */
    private static final class KernelException extends RuntimeException {
        private static final long serialVersionUID = 1;

        KernelException(Throwable cause) {
            super(cause);
        }
    }

    private final Interpreter interpreter;
    private final Plan plan;
    private final List<Tensor> constants;
    private final Graph graph;
    private final Explanation explanation;
    private final Set<String> plainNodes = new HashSet<>();

    /** The names in the module of the inputs of the plain graph that are weights. */
    private final Map<String, String> state;

    private Rewritten(ExportedProgram program, Work work, Explanation explanation) {
        this.interpreter = program.interpreter();
        this.state = interpreter.stateInputs(program.graph());
        this.graph = work.graph();
        this.plan = PlanBuilder.ofRewritten(graph);
        this.constants = List.copyOf(work.constants().values());
        this.explanation = explanation;
    }

    /**
     * Rewrites a program and compares it with the plain one.
     *
     * @param sharesState whether the parameters and buffers of the program never change, so that they need not be copied
     * @param example the inputs for the comparison
     * @param further passes that run after all others
     * @throws ExportException if the program is not for inference, or if the results differ by more than the tolerance
     */
    static Rewritten of(
            ExportedProgram program, boolean sharesState, Inputs example, Tolerance tolerance, List<Pass> further) {
        String obstacle = obstacle(program);
        if (obstacle != null) {
            throw new ExportException("the program " + obstacle
                    + ", so it cannot be compiled for inference: export it after model.eval(), without what changes");
        }
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            try {
                return of(program, sharesState, example, tolerance, further, true);
            } catch (KernelException e) {
                return of(program, sharesState, example, tolerance, further, false);
            }
        }
    }

    private static Rewritten of(
            ExportedProgram program,
            boolean sharesState,
            Inputs example,
            Tolerance tolerance,
            List<Pass> further,
            boolean oneDnn) {
        Work work = work(program, sharesState);
        Graph plain = work.graph();
        List<Tensor> weights = List.copyOf(work.constants().values());
        Explanation explanation = Passes.run(work, oneDnn, further);
        work.constants().values().forEach(Tensor::unscoped);
        Rewritten rewritten = new Rewritten(program, work, explanation);
        plain.nodes().forEach(node -> rewritten.plainNodes.add(node.label()));
        rewritten.compare(plain, weights, example, tolerance, oneDnn);
        return rewritten;
    }

    /** Returns why a program cannot be compiled, or null. */
    static @Nullable String obstacle(ExportedProgram program) {
        Interpreter interpreter = program.interpreter();
        if (Boolean.TRUE.equals(interpreter.mode())) {
            return "was exported in training mode";
        }
        return interpreter.mutates() || changesState(program, interpreter) ? "changes its state" : null;
    }

    private static boolean changesState(ExportedProgram program, Interpreter interpreter) {
        Aliases aliases = new Aliases(program.graph().nodes());
        return interpreter.stateInputs(program.graph()).keySet().stream().anyMatch(aliases::isWritten);
    }

    private static Work work(ExportedProgram program, boolean sharesState) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        program.interpreter().stateInputs(program.graph()).forEach((name, key) -> {
            Tensor own = program.stateDict().get(key);
            Tensor tensor = Objects.requireNonNull(
                            own == null ? program.constants().get(key) : own)
                    .detach();
            weights.put(name, own != null && sharesState ? tensor : tensor.clone());
        });
        return new Work(
                program.graph(),
                program.graph().inputs().stream()
                        .filter(input -> input.names().stream().noneMatch(weights::containsKey))
                        .toList(),
                weights);
    }

    // --- comparison --------------------------------------------------------------------------------------------

    private void compare(Graph plain, List<Tensor> weights, Inputs example, Tolerance tolerance, boolean oneDnn) {
        Generator generator = Generator.defaultGenerator();
        Tensor seed = generator.getState();
        // a program may change its inputs, and may be random
        Supplier<List<@Nullable Object>> inputs = () -> {
            generator.setState(seed);
            return leaves(ExportedModule.given(copied(example)));
        };
        try {
            List<Tensor> expected =
                    tensors(interpreter.output(PlanBuilder.of(plain).run(with(weights, inputs.get()))));
            List<Tensor> own = tensors(checked(inputs.get(), oneDnn));
            for (int i = 0; i < expected.size(); i++) {
                String difference = tolerance.difference(own.get(i), expected.get(i));
                if (difference != null) {
                    String node = FirstDifference.of(
                            plain,
                            FirstDifference.values(plain, with(weights, inputs.get())),
                            graph,
                            FirstDifference.values(graph, with(constants, inputs.get())),
                            tolerance);
                    throw new ExportException("output " + i + " of the compiled program " + difference
                            + ", compared with the plain one; "
                            + (node == null
                                    ? "no node that both have differs before it"
                                    : "the first node that differs is " + node)
                            + ". Allow it with tolerance(relative, absolute), or use the plain one");
                }
            }
        } finally {
            generator.setState(seed);
        }
    }

    private @Nullable Object checked(List<@Nullable Object> inputs, boolean oneDnn) {
        try {
            return interpreter.output(plan.run(with(constants, inputs)));
        } catch (ExportException e) {
            if (oneDnn) {
                throw new KernelException(e);
            }
            throw e;
        }
    }

    private static Inputs copied(Inputs inputs) {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        inputs.kwargs().forEach((name, value) -> kwargs.put(name, TensorTree.map(value, Tensor::clone)));
        List<@Nullable Object> args = new ArrayList<>();
        inputs.args().forEach(value -> args.add(TensorTree.map(value, Tensor::clone)));
        return new Inputs(args, kwargs);
    }

    private static List<Tensor> tensors(@Nullable Object output) {
        List<Tensor> tensors = new ArrayList<>();
        TensorTree.forEach(output, tensors::add);
        return tensors;
    }

    // --- running -----------------------------------------------------------------------------------------------

    /** Returns the arguments that an input of the program stands for. */
    Interpreter.Given given(@Nullable Object input) {
        return ExportedModule.given(interpreter, input);
    }

    /**
     * Runs the program.
     *
     * @return the output as lists and maps
     * @throws IllegalArgumentException if the arguments do not fit the program
     */
    @Nullable
    Object run(Interpreter.Given given) {
        return interpreter.output(plan.run(with(constants, leaves(given))));
    }

    private List<@Nullable Object> leaves(Interpreter.Given given) {
        List<@Nullable Object> leaves = interpreter.leaves(given);
        interpreter.checkDTypes(leaves);
        return leaves;
    }

    private static List<@Nullable Object> with(List<Tensor> constants, List<@Nullable Object> leaves) {
        List<@Nullable Object> values = new ArrayList<>(constants);
        values.addAll(leaves);
        return values;
    }

    Graph graph() {
        return graph;
    }

    Explanation explanation() {
        return explanation;
    }

    /** Adds the graph to a page. */
    void draw(Page page, String heading) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        for (int i = 0; i < constants.size(); i++) {
            String name = graph.inputs().get(i).names().get(0);
            weights.put(name, Weight.of(state.getOrDefault(name, name), constants.get(i)));
        }
        page.addRewritten(heading, graph, weights, plainNodes, explanation);
    }
}
