package org.jtorch.parity.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.export.Dim;
import org.jtorch.export.ExportedModule;
import org.jtorch.export.ExportedProgram;
import org.jtorch.export.Inputs;
import org.jtorch.export.RecordOptions;
import org.jtorch.models.DigitsCnn;
import org.jtorch.models.DigitsTransformer;
import org.jtorch.models.Mlp;
import org.jtorch.models.SmallCnn;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.TensorTree;
import org.jtorch.parity.verify.RecordedCall;
import org.jtorch.parity.verify.RecordedCase;
import org.jtorch.parity.verify.RecordedModule;
import org.jtorch.serialize.Checkpoint;

/**
 * Writes every reference model, and cases of every recorded module, as {@code NAME.pt2}, with {@code NAME.safetensors}: the inputs
 * {@code input.N}, the outputs {@code output.N} of the program in Java for the seed 0, and the gradients {@code grad.KEY} of the
 * sum over the outputs of the mean square.
 *
 * <pre>{@code
 * java … org.jtorch.parity.programs.WrittenPrograms OUT parity/src/test/resources/modules
 * python3 parity/record/check_java_programs.py OUT
 * }</pre>
 */
public final class WrittenPrograms {

    private static final int CASES = 3;

    private final Path out;
    private int written;
    private int refused;

    private WrittenPrograms(Path out) {
        this.out = out;
    }

    /**
     * Writes the programs, and prints what was refused.
     *
     * @param args the folder of the programs, and folders with recordings of modules
     * @throws IOException if the folder cannot be created
     */
    public static void main(String[] args) throws IOException {
        WrittenPrograms programs = new WrittenPrograms(Files.createDirectories(Path.of(args[0])));
        programs.models();
        for (int i = 1; i < args.length; i++) {
            for (Path file : RecordedModule.files(Path.of(args[i]))) {
                programs.cases(RecordedModule.read(file));
            }
        }
        System.out.println(programs.written + " written, " + programs.refused + " refused");
    }

    private void models() {
        Torch.manualSeed(0);
        Dim batch = Dim.of("batch", 1, 64);
        for (boolean training : new boolean[] {false, true}) {
            String mode = training ? "_training" : "";
            model("Mlp" + mode, new Mlp(64, 128, 10, 0.2), training, o -> {}, Torch.randn(4, 64));
            model("SmallCnn" + mode, new SmallCnn(10), training, o -> {}, Torch.randn(4, 3, 16, 16));
            model("DigitsCnn" + mode, new DigitsCnn(10), training, o -> {}, Torch.randn(4, 64));
            model("DigitsTransformer" + mode, new DigitsTransformer(10), training, o -> {}, Torch.randn(4, 64));
        }
        Consumer<RecordOptions> dynamic = o -> o.dynamic("input", 0, batch);
        model("Mlp_dynamic", new Mlp(64, 128, 10, 0.2), false, dynamic, Torch.randn(4, 64));
        model("SmallCnn_dynamic", new SmallCnn(10), false, dynamic, Torch.randn(4, 3, 16, 16));
        model("DigitsCnn_dynamic", new DigitsCnn(10), false, dynamic, Torch.randn(4, 64));
        model("DigitsTransformer_dynamic", new DigitsTransformer(10), false, dynamic, Torch.randn(4, 64));
    }

    private void model(
            String name, Module<?, ?> module, boolean training, Consumer<RecordOptions> options, Tensor input) {
        module.train(training);
        write(name, module, Inputs.of(input), options);
    }

    private void cases(RecordedModule recorded) {
        int done = 0;
        for (RecordedCase each : recorded.cases()) {
            if (done++ == CASES) {
                return;
            }
            RecordedCall call = each.prepare();
            write(
                    recorded.name() + "_" + done + (call.module().isTraining() ? "_training" : ""),
                    call.module(),
                    new Inputs(call.args(), call.kwargs()),
                    o -> {});
        }
    }

    private void write(String name, Module<?, ?> module, Inputs inputs, Consumer<RecordOptions> options) {
        try (TensorScope scope = new TensorScope()) {
            ExportedProgram program = ExportedProgram.of(module, inputs, options);
            Path file = out.resolve(name + ".pt2");
            program.save(file);
            example(ExportedProgram.load(file), inputs, out.resolve(name + ".safetensors"));
            written++;
        } catch (TorchException | IllegalArgumentException | IllegalStateException e) {
            refused++;
            System.out.println("refused " + name + ": " + e.getMessage());
        }
    }

    /** Writes what the program does, after it was read again. */
    private static void example(ExportedProgram program, Inputs inputs, Path file) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        List<Tensor> given = tensors(inputs.args(), inputs.kwargs());
        for (int i = 0; i < given.size(); i++) {
            tensors.put("input." + i, given.get(i).detach().clone());
        }
        ExportedModule<Inputs, Object> module = program.module();
        Torch.manualSeed(0);
        List<Tensor> outputs = tensors(module.call(detached(inputs)), null);
        Tensor loss = null;
        for (int i = 0; i < outputs.size(); i++) {
            Tensor output = outputs.get(i);
            tensors.put("output." + i, output.detach().clone().contiguous());
            if (output.isFloatingPoint() && output.requiresGrad()) {
                Tensor square = output.square().mean();
                loss = loss == null ? square : loss.add(square);
            }
        }
        if (loss != null) {
            loss.backward();
            for (Named<Parameter> parameter : module.namedParameters()) {
                Tensor grad = parameter.value().grad();
                if (grad != null && !grad.isnan().any().toBooleanArray()[0]) {
                    tensors.put("grad." + parameter.name(), grad.toDense().contiguous());
                }
            }
        }
        Checkpoint.saveSafetensors(file, tensors);
    }

    private static Inputs detached(Inputs inputs) {
        List<@Nullable Object> args = new ArrayList<>();
        inputs.args().forEach(each -> args.add(TensorTree.map(each, t -> t.detach().clone())));
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        inputs.kwargs().forEach((name, each) -> kwargs.put(name, TensorTree.map(each, t -> t.detach().clone())));
        return new Inputs(args, kwargs);
    }

    private static List<Tensor> tensors(@Nullable Object first, @Nullable Object second) {
        List<Tensor> all = new ArrayList<>();
        TensorTree.forEach(first, all::add);
        TensorTree.forEach(second, all::add);
        return all;
    }
}
