package org.jtorch.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.models.decoder.CausalModel;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.t5.T5Input;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compares models with what {@code parity/record/families.py} recorded of the real ones. */
class FamiliesTest {

    private static final Path FAMILIES = Path.of("src/test/resources/families");

    @TempDir
    Path temp;

    @TestFactory
    List<DynamicTest> modelsComputeWhatPythonComputes() throws IOException {
        return families(FamiliesTest::compare);
    }

    @TestFactory
    List<DynamicTest> modelsAreWrittenAsTheyWereRead() throws IOException {
        return families(this::writeAndRead);
    }

    private interface Check {
        void run(Path folder) throws Exception;
    }

    private static List<DynamicTest> families(Check check) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> folders = Files.list(FAMILIES)) {
            folders.sorted()
                    .forEach(folder -> tests.add(
                            DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
                                try (TensorScope scope = new TensorScope()) {
                                    check.run(folder);
                                }
                            })));
        }
        assertTrue(tests.size() >= 7, "families are missing");
        return tests;
    }

    private static void compare(Path folder) {
        PretrainedModel<?, ?, ?> model = Pretrained.load(folder);
        Map<String, Tensor> expected =
                Checkpoint.load(folder.resolve("expected.safetensors")).tensors();
        Map<String, Tensor> outputs = call(model, part(expected, "input."));
        assertEquals(new TreeSet<>(part(expected, "output.").keySet()), new TreeSet<>(outputs.keySet()));
        outputs.forEach((name, output) -> assertClose(name, expected.get("output." + name), output, 1e-5));
        Tensor loss = outputs.values().stream()
                .map(output -> output.square().mean())
                .reduce(Tensor::add)
                .orElseThrow();
        loss.backward();
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        for (Named<Parameter> parameter : model.namedParameters()) {
            if (parameter.value().grad() != null) {
                gradients.put(parameter.name(), parameter.value().grad());
            }
        }
        Map<String, Tensor> recorded = part(expected, "grad.");
        assertEquals(new TreeSet<>(recorded.keySet()), new TreeSet<>(gradients.keySet()));
        gradients.forEach((name, gradient) -> assertClose(name, recorded.get(name), gradient, 1e-4));
    }

    private void writeAndRead(Path folder) throws IOException {
        PretrainedModel<?, ?, ?> model = Pretrained.load(folder);
        Path written = temp.resolve(folder.getFileName());
        model.savePretrained(written);
        Map<String, Tensor> before =
                Checkpoint.load(folder.resolve("model.safetensors")).tensors();
        Map<String, Tensor> after =
                Checkpoint.load(written.resolve("model.safetensors")).tensors();
        assertEquals(new TreeSet<>(before.keySet()), new TreeSet<>(after.keySet()));
        before.forEach((key, tensor) -> assertTrue(tensor.equal(after.get(key)), key));
        assertEquals(model.config().values(), Pretrained.load(written).config().values());
    }

    // --- calling a model by the names of its arguments ---------------------------------------------------------

    static Map<String, Tensor> call(Module<?, ?> model, Map<String, Tensor> inputs) {
        if (inputs.containsKey("pixel_values")) {
            return named(run(model, inputs.get("pixel_values")));
        }
        if (inputs.containsKey("decoder_input_ids")) {
            return named(run(
                    model,
                    new T5Input(
                            inputs.get("input_ids"),
                            inputs.get("attention_mask"),
                            Objects.requireNonNull(inputs.get("decoder_input_ids")),
                            inputs.get("decoder_attention_mask"),
                            null,
                            null)));
        }
        if (model instanceof CausalModel<?>) {
            return named(run(
                    model,
                    new DecoderInput(Objects.requireNonNull(inputs.get("input_ids")), inputs.get("attention_mask"))));
        }
        return named(run(
                model,
                new EncoderInput(
                        Objects.requireNonNull(inputs.get("input_ids")),
                        inputs.get("attention_mask"),
                        inputs.get("token_type_ids"),
                        inputs.get("position_ids"))));
    }

    @SuppressWarnings("unchecked") // the model of a recorded family takes the recorded inputs
    private static Object run(Module<?, ?> model, Object input) {
        return ((Module<Object, Object>) model).call(input);
    }

    private static Map<String, Tensor> named(Object output) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        if (output instanceof Tensor tensor) {
            named.put("logits", tensor);
            return named;
        }
        for (RecordComponent component : output.getClass().getRecordComponents()) {
            try {
                if (component.getAccessor().invoke(output) instanceof Tensor tensor) {
                    named.put(snake(component.getName()), tensor);
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return named;
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    static Map<String, Tensor> part(Map<String, Tensor> tensors, String prefix) {
        Map<String, Tensor> part = new LinkedHashMap<>();
        tensors.forEach((key, tensor) -> {
            if (key.startsWith(prefix)) {
                part.put(key.substring(prefix.length()), tensor);
            }
        });
        return part;
    }

    private static void assertClose(String name, @Nullable Tensor expected, Tensor actual, double tolerance) {
        Tensor difference = actual.sub(Objects.requireNonNull(expected)).abs().max();
        double scale = Math.max(1e-3, expected.abs().max().item());
        assertTrue(
                difference.item() <= tolerance * scale,
                () -> name + " differs by " + difference.item() + " of " + scale);
    }
}
