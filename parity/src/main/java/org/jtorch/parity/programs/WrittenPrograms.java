package org.jtorch.parity.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
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
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.rnn.GRU;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.transformer.Transformer;
import org.jtorch.parity.verify.RecordedCall;
import org.jtorch.parity.verify.RecordedCase;
import org.jtorch.parity.verify.RecordedModule;
import org.jtorch.serialize.Checkpoint;

/**
 * Writes every reference model, and cases of every recorded module, as {@code NAME.pt2}, with {@code NAME.safetensors}: the
 * inputs {@code input.N}, the outputs {@code output.N} of the program in Java for the seed 0, and the gradients {@code grad.KEY}
 * of the sum over the outputs of the mean square. For a program with dynamic dimensions, {@code other.M.input.N} and so on are examples
 * with other sizes.
 *
 * <pre>{@code
 * java … org.jtorch.parity.programs.WrittenPrograms OUT parity/src/test/resources/modules
 * python3 parity/record/check_java_programs.py OUT
 * }</pre>
 */
public final class WrittenPrograms {

    private static final int CASES = 4;

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
        dynamic(batch);
    }

    private void dynamic(Dim batch) {
        Dim length = Dim.of("length", 1, 32);
        Consumer<RecordOptions> first = o -> o.dynamic("input", 0, batch);
        dynamic("Mlp", new Mlp(64, 128, 10, 0.2), first, n -> Inputs.of(Torch.randn(n, 64)));
        dynamic("SmallCnn", new SmallCnn(10), first, n -> Inputs.of(Torch.randn(n, 3, 16, 16)));
        dynamic("DigitsCnn", new DigitsCnn(10), first, n -> Inputs.of(Torch.randn(n, 64)));
        dynamic("DigitsTransformer", new DigitsTransformer(10), first, n -> Inputs.of(Torch.randn(n, 64)));
        Consumer<RecordOptions> second = o -> o.dynamic("input", 1, batch);
        dynamic("LSTM", new LSTM(4, 6, o -> o.numLayers(2)), second, n -> Inputs.of(Torch.randn(5, n, 4)));
        dynamic("GRU", new GRU(4, 6), second, n -> Inputs.of(Torch.randn(5, n, 4)));
        dynamic(
                "MultiheadAttention",
                new MultiheadAttention(8, 2, o -> o.batchFirst(true)),
                o -> o.dynamic("query", 0, batch)
                        .dynamic("key", 0, batch)
                        .dynamic("value", 0, batch)
                        .dynamic("query", 1, length)
                        .dynamic("key", 1, length)
                        .dynamic("value", 1, length),
                n -> {
                    Tensor x = Torch.randn(n, n + 2, 8);
                    return Inputs.of(x, x, x);
                });
        dynamic(
                "Transformer",
                new Transformer(o -> o.dModel(8)
                        .nhead(2)
                        .numEncoderLayers(1)
                        .numDecoderLayers(1)
                        .dimFeedforward(16)
                        .batchFirst(true)),
                o -> o.dynamic("src", 0, batch)
                        .dynamic("tgt", 0, batch)
                        .dynamic("src", 1, length)
                        .dynamic("tgt", 1, Dim.of("target", 1, 32)),
                n -> Inputs.of(Torch.randn(n, n + 2, 8), Torch.randn(n, 2 * n + 1, 8)));
        dynamic(
                "Conv2d",
                new Conv2d(3, 4, 3, o -> o.padding(1)),
                o -> o.dynamic("input", 0, batch).dynamic("input", 2, length),
                n -> Inputs.of(Torch.randn(n, 3, n + 3, 8)));
    }

    /** Writes a program with dynamic dimensions, and examples with other sizes. */
    private void dynamic(
            String name, Module<?, ?> module, Consumer<RecordOptions> options, LongFunction<Inputs> inputs) {
        module.eval();
        write(name + "_dynamic", module, options, inputs.apply(4), inputs.apply(1), inputs.apply(2), inputs.apply(9));
    }

    private void model(
            String name, Module<?, ?> module, boolean training, Consumer<RecordOptions> options, Tensor input) {
        module.train(training);
        write(name, module, options, Inputs.of(input));
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
                    o -> {},
                    new Inputs(call.args(), call.kwargs()));
        }
    }

    private void write(
            String name, Module<?, ?> module, Consumer<RecordOptions> options, Inputs inputs, Inputs... others) {
        try (TensorScope scope = new TensorScope()) {
            ExportedProgram program = ExportedProgram.of(module, inputs, options);
            Path file = out.resolve(name + ".pt2");
            program.save(file);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            example(ExportedProgram.load(file), inputs, "", tensors);
            for (int i = 0; i < others.length; i++) {
                example(ExportedProgram.load(file), others[i], "other." + i + ".", tensors);
            }
            Checkpoint.saveSafetensors(out.resolve(name + ".safetensors"), tensors);
            written++;
        } catch (TorchException | IllegalArgumentException | IllegalStateException e) {
            refused++;
            System.out.println("refused " + name + ": " + e.getMessage());
        }
    }

    /** Adds what the program does, after it was read again. */
    private static void example(ExportedProgram program, Inputs inputs, String prefix, Map<String, Tensor> tensors) {
        List<Tensor> given = tensors(inputs.args(), inputs.kwargs());
        for (int i = 0; i < given.size(); i++) {
            tensors.put(prefix + "input." + i, given.get(i).detach().clone());
        }
        ExportedModule<Inputs, Object> module = program.module();
        Torch.manualSeed(0);
        List<Tensor> outputs = tensors(module.call(detached(inputs)), null);
        Tensor loss = null;
        for (int i = 0; i < outputs.size(); i++) {
            Tensor output = outputs.get(i);
            tensors.put(prefix + "output." + i, output.detach().clone().contiguous());
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
                    tensors.put(
                            prefix + "grad." + parameter.name(), grad.toDense().contiguous());
                }
            }
        }
    }

    private static Inputs detached(Inputs inputs) {
        List<@Nullable Object> args = new ArrayList<>();
        inputs.args()
                .forEach(each -> args.add(TensorTree.map(each, t -> t.detach().clone())));
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        inputs.kwargs()
                .forEach((name, each) ->
                        kwargs.put(name, TensorTree.map(each, t -> t.detach().clone())));
        return new Inputs(args, kwargs);
    }

    private static List<Tensor> tensors(@Nullable Object first, @Nullable Object second) {
        List<Tensor> all = new ArrayList<>();
        TensorTree.forEach(first, all::add);
        TensorTree.forEach(second, all::add);
        return all;
    }
}
