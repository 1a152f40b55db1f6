package org.jtorch.export;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Graph;
import org.jtorch.export.graph.GraphSignature;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.RangeConstraint;
import org.jtorch.export.internal.draw.Page;
import org.jtorch.export.internal.draw.Weight;
import org.jtorch.export.internal.pt2.Pt2Contents;
import org.jtorch.export.internal.pt2.Pt2Reader;
import org.jtorch.export.internal.pt2.Pt2Writer;
import org.jtorch.export.internal.record.Recorder;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.internal.modules.ForwardInput;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.LoadOptions;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.AtomicFile;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.Readings;
import org.jtorch.serialize.internal.torch.TorchArchive;
import org.jtorch.serialize.python.Tuple;

/**
 * A model as a graph of operators with its weights, as {@code torch.export} writes it. No class of the model is needed, neither in
 * Python nor in Java.
 *
 * <pre>{@code
 * torch.export.save(torch.export.export(model.eval(), (ids, mask)), "bert.pt2")      # Python
 *
 * ExportedProgram program = ExportedProgram.load(Path.of("bert.pt2"));
 * ExportedModule<Inputs, Tensor> bert = program.module(Inputs.class, Tensor.class);
 * Tensor logits = bert.infer(Inputs.of(ids, mask));
 * }</pre>
 *
 * <p>A Java module becomes a program with {@link #of(Module, Inputs, Consumer)}, and {@link #save(Path)} writes it for Python.
 *
 * <p><b>Nothing from a file runs</b> but operators on tensors: those of the engine that {@link org.jtorch.Operator#find} allows, and
 * those of {@link CustomOperators}. A file that does not fit the schema is refused. Weights are mapped as by {@link Checkpoint}.
 *
 * <p>The object does not change and may be used by any number of threads. The modules that it makes share its weights.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/export.html">torch.export</a>
 */
public final class ExportedProgram {

    private final Program program;
    private final Map<String, Tensor> state;
    private final Map<String, Tensor> constants;
    private final byte[] sampleInputs;
    private final Map<String, String> extraFiles;
    private final Interpreter interpreter;

    private ExportedProgram(Pt2Contents contents) {
        this.program = contents.program();
        this.state = contents.state();
        this.constants = contents.constants();
        this.sampleInputs = contents.sampleInputs();
        this.extraFiles = contents.extraFiles();
        Map<String, Tensor> tensors = new LinkedHashMap<>(constants);
        tensors.putAll(state);
        this.interpreter = new Interpreter(program, tensors);
    }

    /** Reads a program with the default options, as {@link #load(Path, Consumer)}. */
    public static ExportedProgram load(Path path) {
        return load(path, o -> {});
    }

    /**
     * Reads a program that {@code torch.export.save} or {@link ExportedProgram} wrote. All layouts and schemas with the major version
     * 8 are read, which PyTorch has written since 2.5.
     *
     * @param path the archive, usually {@code NAME.pt2}
     * @param options sets how the weights are read, as for {@link Checkpoint#load(Path, Consumer)}
     * @throws ExportException if the file does not exist, is no exported program, or is damaged, or if it has a field or operator
     *     that is not known
     */
    public static ExportedProgram load(Path path, Consumer<LoadOptions> options) {
        Objects.requireNonNull(path, "path");
        Reading reading = Readings.of(LoadOptions.class, options);
        // what is created here stays, and must be usable in training even if this call is made in inference mode
        try (GradMode normal = Autograd.inferenceMode(false);
                GradMode mode = Autograd.noGrad();
                MappedFile file = MappedFile.open(path, reading::access)) {
            Pt2Contents contents = Pt2Reader.read(file, reading, options);
            contents.state().values().forEach(Tensor::unscoped);
            contents.constants().values().forEach(Tensor::unscoped);
            return new ExportedProgram(contents);
        } catch (CheckpointException | ExportException e) {
            throw new ExportException(path + ": " + e.getMessage(), e);
        } catch (TorchException | IllegalArgumentException e) {
            throw new ExportException(path + ": is damaged: " + e.getMessage(), e);
        }
    }

    // --- recording ---------------------------------------------------------------------------------------------

    /** Records a module with the default options, as {@link #of(Module, Inputs, Consumer)}. */
    public static ExportedProgram of(Module<?, ?> module, Inputs inputs) {
        return of(module, inputs, o -> {});
    }

    /**
     * Records a module: runs it once with example inputs and writes down each operator. The program does what the module did in
     * that call, for all values of its inputs.
     *
     * <pre>{@code
     * Dim batch = Dim.of("batch", 1, 64);
     * ExportedProgram program = ExportedProgram.of(model.eval(), Inputs.of(ids, mask),
     *         o -> o.names("ids", "mask").dynamic("ids", 0, batch).dynamic("mask", 0, batch));
     * program.save(Path.of("model.pt2"));
     *
     * model = torch.export.load("model.pt2").module()                                    # Python
     * }</pre>
     *
     * <p><b>State.</b> The parameters and buffers are those of the module, under the same names: training either changes both. A
     * buffer that the module changes is changed by the program. Any other tensor that forward uses without computing it becomes
     * a constant of the program. Recording itself leaves the buffers and the default generator as they were.
     *
     * <p><b>Mode.</b> The program is in the mode in which the module is: call {@code eval()} first for inference. Random
     * operators draw again at every call.
     *
     * <p><b>Gradients.</b> The program can be trained, also if it is recorded within {@link Autograd#noGrad}. Operators that
     * forward runs within {@code noGrad} get detached inputs in the program, so that no gradient flows through them there
     * either. A custom {@link org.jtorch.autograd.Function} that computes a gradient cannot be recorded.
     *
     * <p><b>What is refused.</b> A program has the same operators for all values. Reading the values of a tensor in forward
     * ({@code item()}, {@code toFloatArray()} and so on), and operators whose result has a shape that depends on values, such as
     * {@code nonzero}, are refused with the place in the code.
     *
     * <p><b>Dynamic dimensions.</b> Java's sizes are plain numbers, so a module with dynamic dimensions is run several times with
     * other sizes, for which the inputs are repeated or cut. A number that differs between the runs must be a multiple of one
     * size, or of a product of sizes, plus a constant.
     *
     * <p>At the end the program is run with the same inputs and compared with the module.
     *
     * @param inputs the arguments as in a Python call. Python must pass them in the same way: by position, or by name. A module
     *     whose input is a record takes its components by position or by name
     * @param options sets names and dynamic dimensions
     * @throws ExportException if the module cannot be recorded; the message names the place or the operator, and a remedy
     */
    public static ExportedProgram of(Module<?, ?> module, Inputs inputs, Consumer<RecordOptions> options) {
        RecordOptions set = Customized.of(new RecordOptions(), options);
        return new ExportedProgram(
                Recorder.record(module, inputs.args(), inputs.kwargs(), set.names(), set.dynamics(), inputOf(module)));
    }

    /** Returns what makes the input of a module of arguments. */
    static BiFunction<List<@Nullable Object>, Map<String, @Nullable Object>, Object> inputOf(Module<?, ?> module) {
        return module instanceof ExportedModule ? Inputs::new : (args, kwargs) -> ForwardInput.of(module, args, kwargs);
    }

    /** Records a module with the default options, as {@link #of(Module, Record, Consumer)}. */
    public static ExportedProgram of(Module<?, ?> module, Record input) {
        return of(module, input, o -> {});
    }

    /**
     * Records a module whose input is a record, as {@link #of(Module, Inputs, Consumer)}.
     *
     * @param input the input of the module. Its components that are not null are the arguments in Python, which are passed by
     *     name, in Python's spelling: {@code model(input_ids=ids, attention_mask=mask)}
     */
    public static ExportedProgram of(Module<?, ?> module, Record input, Consumer<RecordOptions> options) {
        if (input instanceof Inputs inputs) {
            return of(module, inputs, options);
        }
        RecordOptions set = Customized.of(new RecordOptions(), options);
        return new ExportedProgram(Recorder.record(module, input, set.dynamics()));
    }

    /** Records a module with one tensor, as {@link #of(Module, Inputs, Consumer)}. */
    public static ExportedProgram of(Module<?, ?> module, Tensor input, Consumer<RecordOptions> options) {
        return of(module, Inputs.of(input), options);
    }

    /** Records a module with tensors by position, as {@link #of(Module, Inputs, Consumer)} with the default options. */
    public static ExportedProgram of(Module<?, ?> module, Tensor... inputs) {
        return of(module, Inputs.of((Object[]) inputs));
    }

    // --- writing -----------------------------------------------------------------------------------------------

    /** Writes the program with its {@link #extraFiles()}, as {@link #save(Path, Map)}. */
    public void save(Path path) {
        save(path, extraFiles);
    }

    /**
     * Writes the program to a file that {@code torch.export.load} of PyTorch 2.9 and later reads, and {@link #load(Path)}. The
     * weights are those that the program has now: if a module of it, or the module that was recorded, was trained, the trained
     * ones. The file is written completely or not at all.
     *
     * @param path the archive, usually {@code NAME.pt2}
     * @param extraFiles texts that are saved with the program, by their names
     * @throws ExportException if the program has a weight that cannot be written
     * @throws CheckpointException if the file cannot be written
     */
    public void save(Path path, Map<String, String> extraFiles) {
        Objects.requireNonNull(path, "path");
        extraFiles.forEach((name, text) -> {
            if (name.isEmpty() || name.startsWith("/") || name.contains("..") || name.contains("\\")) {
                throw new IllegalArgumentException(
                        "the name '" + name + "' of an extra file is no plain name of a file");
            }
        });
        Pt2Contents contents = new Pt2Contents(program, state, constants, sampleInputs, extraFiles);
        AtomicFile.write(path, channel -> Pt2Writer.write(channel, TorchArchive.nameFor(path), contents));
    }

    // --- what it is --------------------------------------------------------------------------------------------

    /** Returns the program as {@code torch.export}'s schema describes it. */
    public Program program() {
        return program;
    }

    /** Returns the operators. */
    public Graph graph() {
        return program.graphModule().graph();
    }

    /** Returns what the inputs and outputs of the graph are. */
    public GraphSignature signature() {
        return program.graphModule().signature();
    }

    /** Returns the values that each symbol of a dynamic size may have. */
    public Map<String, RangeConstraint> rangeConstraints() {
        return program.rangeConstraints();
    }

    /** Returns the parameters and buffers by their names, as {@code state_dict} of Python's program. */
    public Map<String, Tensor> stateDict() {
        return Collections.unmodifiableMap(state);
    }

    /** Returns the tensors that belong to the program, but not to its state dict, by their names. */
    public Map<String, Tensor> constants() {
        return Collections.unmodifiableMap(constants);
    }

    /** Returns the texts that were saved with the program, by the names that the user gave them. */
    public Map<String, String> extraFiles() {
        return Collections.unmodifiableMap(extraFiles);
    }

    /**
     * Returns the inputs with which the program was exported, or null if they were not saved.
     *
     * @throws ExportException if they cannot be read, such as objects of classes that only Python has
     */
    public @Nullable Inputs exampleInputs() {
        if (sampleInputs.length == 0) {
            return null;
        }
        Object root;
        try {
            root = Checkpoint.load(ByteBuffer.wrap(sampleInputs)).root();
        } catch (CheckpointException e) {
            throw new ExportException("the example inputs cannot be read: " + e.getMessage(), e);
        }
        List<?> parts = root instanceof Tuple tuple ? tuple.values() : List.of();
        if (parts.size() == 2 && parts.get(0) instanceof Tuple args && parts.get(1) instanceof Map<?, ?> kwargs) {
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            kwargs.forEach((name, value) -> named.put(String.valueOf(name), plain(value)));
            return new Inputs(args.values().stream().map(ExportedProgram::plain).toList(), named);
        }
        return root == null ? null : Inputs.of(plain(root));
    }

    /** Returns a value with lists in place of Python's tuples. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Tuple tuple) {
            return plain(tuple.values());
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> all = new ArrayList<>();
            list.forEach(each -> all.add(plain(each)));
            return all;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> all = new LinkedHashMap<>();
            map.forEach((key, each) -> all.put(key, plain(each)));
            return all;
        }
        return value;
    }

    Interpreter interpreter() {
        return interpreter;
    }

    // --- modules -----------------------------------------------------------------------------------------------

    /** Returns a module whose outputs are lists and maps, as Python's tuples, lists and dicts. */
    public ExportedModule<Inputs, Object> module() {
        return module(Inputs.class, Object.class);
    }

    /**
     * Returns a module with the program's weights.
     *
     * @param input the type of the input: {@link Inputs}; {@link Tensor} for a single argument; {@link List} for arguments by
     *     position; or a record, whose components have the names of the arguments in Java's spelling
     * @param output the type of the output: {@code Object} for lists and maps; {@link Tensor} if there is one tensor; or a record,
     *     whose components have the names of the output's keys in Java's spelling, or the order of its elements
     */
    public <I extends @Nullable Object, O extends @Nullable Object> ExportedModule<I, O> module(
            Class<I> input, Class<O> output) {
        Objects.requireNonNull(input, "input");
        return new ExportedModule<>(interpreter, Objects.requireNonNull(output, "output"));
    }

    /**
     * Writes a page of HTML that draws the graph: operators with the dtypes and sizes of what they compute, the weights that they
     * read, and their modules. The page is one file, which loads nothing.
     *
     * @throws CheckpointException if the file cannot be written
     */
    public void writeHtml(Path path) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        interpreter.stateInputs(graph()).forEach((name, key) -> {
            Tensor tensor = state.get(key);
            weights.put(name, Weight.of(key, Objects.requireNonNull(tensor == null ? constants.get(key) : tensor)));
        });
        String title = "ExportedProgram, " + graph().nodes().size() + " nodes";
        new Page(title).add("", graph(), weights).write(path);
    }

    /** Returns the graph as text, with the version of PyTorch and the number of weights. */
    @Override
    public String toString() {
        long parameters = signature().inputSpecs().stream()
                .filter(InputSpec.ParameterInput.class::isInstance)
                .count();
        return "ExportedProgram(torch " + program.torchVersion() + ", schema " + program.schemaVersion() + ", "
                + graph().nodes().size() + " nodes, " + parameters + " parameters)\n" + graph();
    }
}
