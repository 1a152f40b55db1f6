package org.jtorch.export;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.jtorch.export.internal.pt2.Pt2Contents;
import org.jtorch.export.internal.pt2.Pt2Reader;
import org.jtorch.export.internal.run.Interpreter;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.LoadOptions;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.Readings;
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
