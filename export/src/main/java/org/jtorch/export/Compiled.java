package org.jtorch.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.internal.passes.Aliases;
import org.jtorch.export.internal.passes.Passes;
import org.jtorch.export.internal.passes.Work;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.export.internal.run.Plan;
import org.jtorch.export.internal.run.PlanBuilder;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.internal.CoreShare;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.TensorTree;

/**
 * A program that was rewritten for inference: normalization is folded into convolutions and linear maps, activations are computed
 * with them, and what depends only on weights is computed once. It is a function that does not change: weights that are changed
 * afterwards are not seen.
 *
 * <pre>{@code
 * Compiled<Inputs, Tensor> fast = Compiled.of(program, Inputs.class, Tensor.class);
 * Tensor logits = fast.call(Inputs.of(images));
 * System.out.println(fast.explain());
 * }</pre>
 *
 * <p>The result is compared with that of the plain program when it is made. It differs by rounding; see {@link Options#tolerance}.
 * The program must have been exported in eval mode.
 *
 * <p>Any number of threads may call it at the same time.
 *
 * @param <I> the type of the input, as for {@link ExportedModule}
 * @param <O> the type of the output, as for {@link ExportedModule}
 */
public final class Compiled<I extends @Nullable Object, O extends @Nullable Object> {

    /** Optional arguments of {@link Compiled}. */
    public static final class Options {

        private double relative = 1e-3;
        private double absolute = 1e-4;
        private @Nullable Inputs example;

        private Options() {}

        /**
         * Sets how much the result may differ from that of the plain program when they are compared: {@code |a - b| <= absolute +
         * relative * |b|}. The defaults are 1e-3 and 1e-4.
         *
         * @throws IllegalArgumentException if one is negative or NaN
         */
        public Options tolerance(double newRelative, double newAbsolute) {
            if (!(newRelative >= 0) || !(newAbsolute >= 0)) {
                throw new IllegalArgumentException(
                        "the tolerance is " + newRelative + " and " + newAbsolute + ", but both must be at least 0");
            }
            relative = newRelative;
            absolute = newAbsolute;
            return this;
        }

        /** Sets the inputs for the comparison. The default are those with which the program was exported. */
        public Options example(Inputs inputs) {
            example = Objects.requireNonNull(inputs, "inputs");
            return this;
        }
    }

    private final Interpreter interpreter;
    private final Plan plan;
    private final List<Tensor> constants;
    private final Class<O> output;
    private final Graph graph;
    private final String explanation;

    private Compiled(Interpreter interpreter, Work work, String explanation, Class<O> output) {
        this.interpreter = interpreter;
        this.graph = work.graph();
        this.plan = PlanBuilder.ofRewritten(graph);
        this.constants = List.copyOf(work.constants().values());
        this.output = output;
        this.explanation = explanation;
    }

    /** Compiles a program whose outputs are lists and maps, as {@link #of(ExportedProgram, Class, Class, Consumer)}. */
    public static Compiled<Inputs, Object> of(ExportedProgram program) {
        return of(program, Inputs.class, Object.class);
    }

    /**
     * Records a module and compiles it, as {@link ExportedProgram#of(Module, Inputs)} and {@link #of(ExportedProgram)}.
     *
     * @param module the module, in eval mode
     * @param inputs the inputs with which it is recorded; the function takes inputs of the same sizes
     */
    public static Compiled<Inputs, Object> of(Module<?, ?> module, Inputs inputs) {
        return of(ExportedProgram.of(module, inputs));
    }

    /** Records a module with tensors by position and compiles it, as {@link #of(Module, Inputs)}. */
    public static Compiled<Inputs, Object> of(Module<?, ?> module, Tensor... inputs) {
        return of(module, Inputs.of((Object[]) inputs));
    }

    /** Compiles a program with the default options, as {@link #of(ExportedProgram, Class, Class, Consumer)}. */
    public static <I extends @Nullable Object, O extends @Nullable Object> Compiled<I, O> of(
            ExportedProgram program, Class<I> input, Class<O> output) {
        return of(program, input, output, o -> {});
    }

    /**
     * Compiles a program.
     *
     * @param input the type of the input, as for {@link ExportedProgram#module(Class, Class)}
     * @param output the type of the output
     * @param options sets the optional arguments
     * @throws ExportException if the program was exported in training mode or changes its state, if there are no inputs for the
     *     comparison, or if the results differ by more than the tolerance
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> Compiled<I, O> of(
            ExportedProgram program, Class<I> input, Class<O> output, Consumer<? super Options> options) {
        Objects.requireNonNull(program, "program");
        Objects.requireNonNull(input, "input");
        Options chosen = Customized.of(new Options(), options);
        String obstacle = obstacle(program);
        if (obstacle != null) {
            throw new ExportException("the program " + obstacle
                    + ", so it cannot be compiled for inference: export it after model.eval(), without what changes");
        }
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            try {
                return compiled(program, output, chosen, true);
            } catch (KernelException e) {
                return compiled(program, output, chosen, false);
            }
        }
    }

    /** Thrown if a kernel of oneDNN refuses the sizes or strides of its arguments. */
    private static final class KernelException extends RuntimeException {
        private static final long serialVersionUID = 1;

        KernelException(Throwable cause) {
            super(cause);
        }
    }

    private static <I extends @Nullable Object, O extends @Nullable Object> Compiled<I, O> compiled(
            ExportedProgram program, Class<O> output, Options options, boolean oneDnn) {
        Work work = work(program, program.interpreter());
        String explanation = Passes.run(work, oneDnn);
        work.constants().values().forEach(Tensor::unscoped);
        Compiled<I, O> compiled = new Compiled<>(program.interpreter(), work, explanation, output);
        compiled.compare(program, options, oneDnn);
        return compiled;
    }

    /** Returns whether a program can be compiled: it was not exported in training mode, and does not change its state. */
    public static boolean isCompilable(ExportedProgram program) {
        return obstacle(program) == null;
    }

    private static @Nullable String obstacle(ExportedProgram program) {
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

    private static Work work(ExportedProgram program, Interpreter interpreter) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Map<String, Tensor> all = new LinkedHashMap<>(program.constants());
        all.putAll(program.stateDict());
        Map<String, String> state = interpreter.stateInputs(program.graph());
        state.forEach((name, key) ->
                weights.put(name, Objects.requireNonNull(all.get(key)).detach().clone()));
        return new Work(
                program.graph(),
                program.graph().inputs().stream()
                        .filter(input -> input.names().stream().noneMatch(weights::containsKey))
                        .toList(),
                weights);
    }

    private void compare(ExportedProgram program, Options options, boolean oneDnn) {
        Inputs example = options.example == null ? program.exampleInputs() : options.example;
        if (example == null) {
            throw new ExportException(
                    "there are no inputs with which the compiled program could be compared with the plain"
                            + " one: set them with Compiled.of(program, ..., o -> o.example(inputs))");
        }
        Generator generator = Generator.defaultGenerator();
        Tensor seed = generator.getState();
        // a program may change its inputs, and may be random
        List<Tensor> plain = tensors(program.module().call(copied(example)));
        List<Tensor> own;
        generator.setState(seed);
        try {
            own = tensors(run(ExportedModule.given(interpreter, copied(example))));
        } catch (ExportException e) {
            if (oneDnn) {
                throw new KernelException(e);
            }
            throw e;
        } finally {
            generator.setState(seed);
        }
        for (int i = 0; i < plain.size(); i++) {
            Tensor expected = plain.get(i);
            if (!own.get(i).to(expected.dtype()).allclose(expected, options.relative, options.absolute, true)) {
                double difference = own.get(i).sub(expected).abs().max().item();
                throw new ExportException(
                        "output " + i + " of the compiled program differs by " + difference
                                + " from that of the plain one: allow it with tolerance(relative, absolute), or use the plain one");
            }
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

    /**
     * Calls the function. No gradients are recorded, and the tensors of the output belong to the current scope.
     *
     * @throws IllegalArgumentException if the input does not fit the program, or if a tensor has another dtype than that with which
     *     the program was exported
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // converted to the type of the class
    public O call(I input) {
        try (CoreShare share = CoreShare.open();
                GradMode mode = Autograd.inferenceMode()) {
            Object result = run(ExportedModule.given(interpreter, input));
            return (O) Typed.fromTree(result, output, "the output of the program");
        }
    }

    private @Nullable Object run(Interpreter.Given given) {
        List<@Nullable Object> values = new ArrayList<>(constants);
        List<@Nullable Object> leaves = interpreter.leaves(given);
        interpreter.checkDTypes(leaves);
        values.addAll(leaves);
        return interpreter.output(plan.run(values));
    }

    /** Returns what each pass did, one line for each. */
    public String explain() {
        return explanation;
    }

    /** Returns the rewritten graph. */
    public Graph graph() {
        return graph;
    }

    /** Returns the rewritten graph as text. */
    @Override
    public String toString() {
        return "Compiled(" + graph.nodes().size() + " nodes)\n" + graph;
    }
}
