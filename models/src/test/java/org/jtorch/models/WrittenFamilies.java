package org.jtorch.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.Checkpoint;

/**
 * Changes the weights of each recorded family, and writes it to a folder for {@code parity/record/check_java_models.py}, with the inputs and
 * the outputs of the changed model in {@code expected.safetensors}. Every second model is written in several files.
 *
 * <pre>{@code
 * java … org.jtorch.models.WrittenFamilies OUT src/test/resources/families
 * python3 parity/record/check_java_models.py OUT
 * }</pre>
 */
final class WrittenFamilies {

    private WrittenFamilies() {}

    public static void main(String[] args) throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(args[1]))) {
            int index = 0;
            for (Path folder : (Iterable<Path>) folders.sorted()::iterator) {
                try (TensorScope scope = new TensorScope()) {
                    write(folder, Path.of(args[0]).resolve(folder.getFileName()), index++ % 2 == 1 ? 4000 : 1 << 20);
                }
            }
        }
    }

    private static void write(Path from, Path to, long maxShardBytes) {
        PretrainedModel<?, ?, ?> model = Pretrained.load(from);
        try (GradMode mode = Autograd.noGrad()) {
            for (Parameter parameter : model.parameters()) {
                parameter.mul_(1.01);
            }
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        FamiliesTest.part(Checkpoint.load(from.resolve("expected.safetensors")).tensors(), "input.")
                .forEach((name, tensor) -> tensors.put("input." + name, tensor));
        FamiliesTest.call(model, FamiliesTest.part(tensors, "input."))
                .forEach((name, tensor) ->
                        tensors.put("output." + name, tensor.detach().contiguous()));
        model.savePretrained(to, maxShardBytes);
        Checkpoint.saveSafetensors(to.resolve("expected.safetensors"), tensors);
    }
}
