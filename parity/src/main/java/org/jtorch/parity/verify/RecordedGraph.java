package org.jtorch.parity.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.export.Compiled;
import org.jtorch.export.ExportedModule;
import org.jtorch.export.ExportedProgram;
import org.jtorch.export.Inputs;
import org.jtorch.nn.TensorTree;
import org.jtorch.serialize.Checkpoint;

/**
 * An exported program with what PyTorch computed: {@code NAME.pt2}, and in {@code NAME.safetensors} {@code input.N}, {@code
 * output.N} and {@code grad.KEY}, the gradient of the sum, over the outputs, of the mean of their squares as float32.
 */
public final class RecordedGraph {

    /** The end of the files' names. */
    static final String SUFFIX = ".pt2";

    /** By how much the tolerance of gradients is greater than that of outputs. */
    private static final double GRADIENTS = 10;

    private final ExportedProgram program;
    private final Map<String, Tensor> tensors;

    private RecordedGraph(ExportedProgram program, Map<String, Tensor> tensors) {
        this.program = program;
        this.tensors = tensors;
    }

    /**
     * Returns the programs of a folder, sorted by name.
     *
     * @throws IllegalArgumentException if {@code folder} is not a folder
     */
    public static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (NotDirectoryException | NoSuchFileException e) {
            throw new IllegalArgumentException(folder + ": no such folder", e);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be read", e);
        }
    }

    /** Reads a program and its recording. */
    public static RecordedGraph read(Path program) {
        Path tensors = Path.of(program.toString().replaceFirst("pt2$", "safetensors"));
        return new RecordedGraph(
                ExportedProgram.load(program), Checkpoint.load(tensors).tensors());
    }

    /**
     * Runs the program and compares its outputs and the gradients of its parameters; then compiles it and compares again. A program
     * that was exported in training mode, or changes its state, is not compiled.
     *
     * @throws Disagreement if one differs
     */
    public void replay(Device device) {
        ExportedModule<Inputs, Object> module = program.module();
        module.to(device);
        List<Tensor> outputs = outputs(module.call(Inputs.of(inputs(device))));
        compare("output ", outputs);
        gradients(module, outputs);
        if (device.equals(Device.CPU) && Compiled.isCompilable(program)) {
            Inputs inputs = Inputs.of(inputs(device));
            Compiled<Inputs, Object> compiled =
                    Compiled.of(program, Inputs.class, Object.class, o -> o.example(inputs));
            compare("compiled: output ", outputs(compiled.call(inputs)));
        }
    }

    private void compare(String what, List<Tensor> outputs) {
        int recorded = (int) tensors.keySet().stream()
                .filter(name -> name.startsWith("output."))
                .count();
        Agreement.same("number of outputs", recorded, outputs.size());
        for (int i = 0; i < recorded; i++) {
            Tensor expected = Objects.requireNonNull(tensors.get("output." + i));
            Agreement.close(what + i, expected, outputs.get(i).to(Device.CPU), lower(expected));
        }
    }

    private Object[] inputs(Device device) {
        List<Tensor> inputs = new ArrayList<>();
        Tensor next = tensors.get("input.0");
        while (next != null) {
            inputs.add(next.to(device, false, true));
            next = tensors.get("input." + inputs.size());
        }
        return inputs.toArray();
    }

    /** Returns the tensors of an output. A complex tensor is recorded as pairs of numbers. */
    private static List<Tensor> outputs(@Nullable Object output) {
        List<Tensor> tensors = new ArrayList<>();
        TensorTree.forEach(
                output,
                tensor -> tensors.add(tensor.isComplex() ? tensor.resolveConj().viewAsReal() : tensor));
        return tensors;
    }

    private void gradients(ExportedModule<Inputs, Object> module, List<Tensor> outputs) {
        Tensor loss = null;
        for (Tensor output : outputs) {
            if (output.isFloatingPoint() && output.requiresGrad()) {
                Tensor mean = output.to(DType.FLOAT32).square().mean();
                loss = loss == null ? mean : loss.add(mean);
            }
        }
        if (loss == null) {
            return;
        }
        loss.backward();
        tensors.forEach((name, expected) -> {
            if (name.startsWith("grad.")) {
                String key = name.substring("grad.".length());
                Tensor gradient = module.getParameter(key).grad();
                Tensor actual = gradient == null ? null : gradient.to(Device.CPU);
                Agreement.close("gradient of " + key, expected, actual, lower(expected), GRADIENTS);
            }
        });
    }

    private static @Nullable DType lower(Tensor tensor) {
        return tensor.dtype() == DType.BFLOAT16 || tensor.dtype() == DType.FLOAT16 ? tensor.dtype() : null;
    }
}
