package org.jtorch.export;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.internal.draw.Page;
import org.jtorch.export.internal.passes.Pass;
import org.jtorch.export.internal.passes.Tolerance;
import org.jtorch.export.internal.tree.Typed;
import org.jtorch.internal.CoreShare;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.serialize.format.CheckpointException;

/**
 * A program or a module that was rewritten for inference: normalization is folded into convolutions and linear maps, activations
 * are computed with them, and what depends only on weights is computed once. It is a function that does not change: weights that
 * are changed afterwards are not seen.
 *
 * <pre>{@code
 * Compiled<Tensor, Tensor> fast = Compiled.of(model.eval(), images);
 * Tensor logits = fast.call(images);
 * System.out.println(fast.explain());
 * }</pre>
 *
 * <p><b>Comparison.</b> The result is compared with that of the plain program when it is made. It differs by rounding; see {@link
 * Options#tolerance}. The program must be in eval mode. Outputs have the order in memory that they had when the program was
 * exported or recorded, so that they can be viewed in the same way.
 *
 * <p><b>Other inputs.</b> A <i>module</i> is recorded again for the first input of each other signature: other sizes, dtypes or
 * devices of tensors, another nesting, or other values that are no tensors. That takes as long as {@link #of} did. If it was
 * compiled for {@link Options#recompileLimit} signatures, inputs of others run as the plain module, with one warning to the {@link
 * System.Logger} of this class, as {@code torch.compile} does. With {@linkplain Options#dynamic dynamic dimensions} there is one
 * program, which is not recorded again. A module that cannot be copied ({@link Module#deepCopy}), since it has final fields with
 * modules or parameters, is recorded once, and inputs of other signatures are refused. A <i>program</i> takes the inputs for which it was exported, and refuses others.
 *
 * <p><b>Memory.</b> The weights are copied once. The programs of all signatures share that copy, but each has its own folded,
 * joined and packed weights.
 *
 * <p><b>Threads.</b> Any number of threads may call it at the same time. One records a new signature, and others with the same or
 * another new one wait. Recording runs the module several times and sets the default generator back at the end, so that other
 * threads which draw random numbers from it meanwhile may draw some again.
 *
 * @param <I> the type of the input, as for {@link ExportedModule} or of the module
 * @param <O> the type of the output, as for {@link ExportedModule} or of the module
 */
public final class Compiled<I extends @Nullable Object, O extends @Nullable Object> {

    /** Optional arguments of {@link Compiled}. */
    public static final class Options {

        private Tolerance tolerance = new Tolerance(1e-3, 1e-4);
        private @Nullable Inputs example;
        private int limit = 8;
        private final List<Consumer<RecordOptions>> recording = new ArrayList<>();
        private boolean dynamic;
        private final List<Pass> further = new ArrayList<>();

        private Options() {}

        /**
         * Sets how much the result may differ from that of the plain program when they are compared: {@code |a - b| <= absolute +
         * relative * |b|}. The defaults are 1e-3 and 1e-4.
         *
         * @throws IllegalArgumentException if one is negative or NaN
         */
        public Options tolerance(double newRelative, double newAbsolute) {
            tolerance = new Tolerance(newRelative, newAbsolute);
            return this;
        }

        /**
         * Sets the inputs for the comparison of a program. The default are those with which it was exported. For a module they are
         * those with which it is recorded, and this must not be set.
         */
        public Options example(Inputs inputs) {
            example = Objects.requireNonNull(inputs, "inputs");
            return this;
        }

        /**
         * Sets for how many signatures of inputs a module is compiled, the first one included. The default is 8, as in {@code
         * torch.compile}. It does not matter for a program.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Options recompileLimit(int newLimit) {
            if (newLimit < 1) {
                throw new IllegalArgumentException("the limit is " + newLimit + ", but must be at least 1");
            }
            limit = newLimit;
            return this;
        }

        /** Declares that a dimension of a module's input may have other sizes, as {@link RecordOptions#dynamic}. */
        public Options dynamic(String input, int dim, Dim size) {
            recording.add(o -> o.dynamic(input, dim, size));
            dynamic = true;
            return this;
        }

        /** Sets the names of a module's arguments by position, as {@link RecordOptions#names}. */
        public Options names(String... names) {
            recording.add(o -> o.names(names));
            return this;
        }

        /** Adds a pass that runs after all others, for tests. */
        Options pass(Pass pass) {
            further.add(pass);
            return this;
        }

        Tolerance tolerance() {
            return tolerance;
        }

        int limit() {
            return limit;
        }

        boolean isDynamic() {
            return dynamic;
        }

        List<Pass> further() {
            return further;
        }

        private void record(RecordOptions options) {
            recording.forEach(each -> each.accept(options));
        }
    }

    private final Calls<I, O> calls;

    private Compiled(Calls<I, O> calls) {
        this.calls = calls;
    }

    // --- programs ----------------------------------------------------------------------------------------------

    /** Compiles a program whose outputs are lists and maps, as {@link #of(ExportedProgram, Class, Class, Consumer)}. */
    public static Compiled<Inputs, Object> of(ExportedProgram program) {
        return of(program, Inputs.class, Object.class);
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
     *     comparison, or if the results differ by more than the tolerance; the message names the first node that differs
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> Compiled<I, O> of(
            ExportedProgram program, Class<I> input, Class<O> output, Consumer<? super Options> options) {
        Objects.requireNonNull(program, "program");
        Objects.requireNonNull(input, "input");
        Options chosen = Customized.of(new Options(), options);
        if (!chosen.recording.isEmpty()) {
            throw new IllegalArgumentException(
                    "names and dynamic dimensions are for a module: those of a program are set when it is exported");
        }
        Inputs example = chosen.example == null && isCompilable(program) ? program.exampleInputs() : chosen.example;
        if (example == null && isCompilable(program)) {
            throw new ExportException(
                    "there are no inputs with which the compiled program could be compared with the plain"
                            + " one: set them with Compiled.of(program, ..., o -> o.example(inputs))");
        }
        Rewritten rewritten =
                Rewritten.of(program, false, example == null ? Inputs.of() : example, chosen.tolerance, chosen.further);
        return new Compiled<>(new ProgramCalls<>(rewritten, Objects.requireNonNull(output, "output")));
    }

    /** Returns whether a program can be compiled: it was not exported in training mode, and does not change its state. */
    public static boolean isCompilable(ExportedProgram program) {
        return Rewritten.obstacle(program) == null;
    }

    // --- modules -----------------------------------------------------------------------------------------------

    /** Compiles a module with the default options, as {@link #of(Module, Object, Consumer)}. */
    public static <I extends @Nullable Object, O extends @Nullable Object> Compiled<I, O> of(
            Module<I, O> module, I example) {
        return of(module, example, o -> {});
    }

    /**
     * Compiles a copy of a module: records it as {@link ExportedProgram#of(Module, Inputs, Consumer)}, and again for inputs of
     * other signatures. The output has the types of the module's.
     *
     * @param module the module, in eval mode. Its weights are those of now, also for what is recorded later
     * @param example the input with which it is recorded first
     * @param options sets the optional arguments
     * @throws ExportException if the module cannot be recorded, is in training mode or changes its buffers, or if the results
     *     differ by more than the tolerance; the message names the first node that differs
     */
    public static <I extends @Nullable Object, O extends @Nullable Object> Compiled<I, O> of(
            Module<I, O> module, I example, Consumer<? super Options> options) {
        return ofTyped(module, example, options);
    }

    private static <I extends @Nullable Object, O extends @Nullable Object> Compiled<I, O> ofTyped(
            Module<I, O> module, I example, Consumer<? super Options> options) {
        Options chosen = ofModule(options);
        OwnCopy<Module<I, O>> own = OwnCopy.of(module);
        Module<I, O> copy = own.module();
        return new Compiled<>(new ModuleCalls<>(
                own,
                new ModuleCalls.Form<>(
                        ModuleInput::given,
                        input -> ModuleInput.record(copy, input, chosen::record),
                        copy::infer,
                        ModuleCalls::like),
                chosen,
                example));
    }

    /** Compiles an exported module with the default options, as {@link #of(Module, Object, Consumer)}. */
    public static <O extends @Nullable Object> Compiled<Inputs, O> of(ExportedModule<Inputs, O> module, Inputs inputs) {
        return of(module, inputs, o -> {});
    }

    /** Compiles an exported module, as {@link #of(Module, Object, Consumer)}. */
    public static <O extends @Nullable Object> Compiled<Inputs, O> of(
            ExportedModule<Inputs, O> module, Inputs inputs, Consumer<? super Options> options) {
        return ofTyped(module, inputs, options);
    }

    /** Compiles a module with the default options, as {@link #of(Module, Inputs, Consumer)}. */
    public static Compiled<Inputs, Object> of(Module<?, ?> module, Inputs inputs) {
        return of(module, inputs, o -> {});
    }

    /** Compiles a module with tensors by position, as {@link #of(Module, Inputs)}. */
    public static Compiled<Inputs, Object> of(Module<?, ?> module, Tensor... inputs) {
        return of(module, Inputs.of((Object[]) inputs));
    }

    /**
     * Compiles a copy of a module with arguments as in a Python call, as {@link #of(Module, Object, Consumer)}. The outputs are
     * lists and maps, as Python's tuples, lists and dicts.
     */
    public static Compiled<Inputs, Object> of(Module<?, ?> module, Inputs inputs, Consumer<? super Options> options) {
        Options chosen = ofModule(options);
        OwnCopy<Module<?, ?>> own = OwnCopy.of(module);
        Module<?, ?> copy = own.module();
        return new Compiled<>(new ModuleCalls<>(
                own,
                new ModuleCalls.Form<>(
                        ExportedModule::given,
                        input -> ExportedProgram.of(copy, input, chosen::record),
                        input -> plain(copy, input),
                        output -> Function.identity()),
                chosen,
                inputs));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the module refuses an input of another type, and may return null
    private static Object plain(Module<?, ?> module, Inputs inputs) {
        Object input = ExportedProgram.inputOf(module).apply(inputs.args(), inputs.kwargs());
        return Typed.toTree(((Module<Object, Object>) module).infer(input));
    }

    private static Options ofModule(Consumer<? super Options> options) {
        Options chosen = Customized.of(new Options(), options);
        if (chosen.example != null) {
            throw new IllegalArgumentException(
                    "example(inputs) is for a program: a module is compared for the inputs with which it is recorded");
        }
        return chosen;
    }

    // --- what it is --------------------------------------------------------------------------------------------

    /**
     * Calls the function. No gradients are recorded, and the tensors of the output belong to the current scope.
     *
     * @throws IllegalArgumentException if the input does not fit the program: another number of arguments, another size or dtype
     * @throws ExportException if it is recorded for this input, and that fails
     */
    public O call(I input) {
        try (CoreShare share = CoreShare.open()) {
            return calls.call(input);
        }
    }

    /** Returns the signatures of inputs for which it was compiled, such as {@code (torch.float32[2, 8])}; a program has one. */
    public List<String> signatures() {
        return List.copyOf(calls.programs().keySet());
    }

    /** Returns what each pass did, one line for each; if it was compiled for several signatures, for each of them. */
    public String explain() {
        Map<String, Rewritten> programs = calls.programs();
        if (programs.size() == 1) {
            return first().explanation().toString();
        }
        List<String> parts = new ArrayList<>();
        programs.forEach((signature, program) -> parts.add("for " + signature + ":\n" + program.explanation()));
        return String.join("\n\n", parts);
    }

    private Rewritten first() {
        return calls.programs().values().iterator().next();
    }

    /** Returns the rewritten graph, for the first signature. */
    public Graph graph() {
        return first().graph();
    }

    /**
     * Writes a page of HTML that shows what each pass did and draws the rewritten graph; if it was compiled for several signatures,
     * for each of them. The page is one file, which loads nothing.
     *
     * @throws CheckpointException if the file cannot be written
     */
    public void writeHtml(Path path) {
        Map<String, Rewritten> programs = calls.programs();
        Page page = new Page("Compiled, " + graph().nodes().size() + " nodes");
        programs.forEach((signature, program) -> program.draw(page, signature.isEmpty() ? "" : "For " + signature));
        page.write(path);
    }

    /** Returns the rewritten graph as text, for the first signature. */
    @Override
    public String toString() {
        return "Compiled(" + graph().nodes().size() + " nodes)\n" + graph();
    }
}
