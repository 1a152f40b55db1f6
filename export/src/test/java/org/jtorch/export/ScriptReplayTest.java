package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays the archives of {@code parity/record/torchscript.py}: results, gradients and buffers are those of Python. */
class ScriptReplayTest {

    static final Path FOLDER = Path.of("src/test/resources/torchscript");

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pt"))
                    .map(name -> name.substring(0, name.length() - ".pt".length()))
                    .sorted()
                    .toList();
            assertTrue(names.size() >= 10, "recordings: " + names);
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void behavesAsInPython(String name) throws IOException {
        replay(name, ScriptModule.load(FOLDER.resolve(name + ".pt")));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aCopyBehavesAsInPythonAndDoesNotChangeTheOriginal(String name) throws IOException {
        ScriptModule<Inputs, Object> module = ScriptModule.load(FOLDER.resolve(name + ".pt"));
        replay(name, Module.deepCopy(module));
        replay(name, module);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aSavedModuleBehavesAsInPython(String name, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("é saved.pt");
        ScriptModule.load(FOLDER.resolve(name + ".pt")).save(file);
        replay(name, ScriptModule.load(file));
    }

    private static void replay(String name, ScriptModule<Inputs, Object> module) throws IOException {
        JsonNode recorded =
                new JsonMapper().readTree(FOLDER.resolve(name + ".json").toFile());
        Map<String, Tensor> tensors =
                Checkpoint.load(FOLDER.resolve(name + ".safetensors")).stateDict();
        assertEquals(recorded.get("training").asBoolean(), module.isTraining(), "training mode");
        List<String> keys = new ArrayList<>();
        recorded.get("state").forEach(key -> keys.add(key.asText()));
        assertEquals(keys, List.copyOf(module.stateDict().keySet()));
        int index = 0;
        for (JsonNode call : recorded.get("calls")) {
            module.zeroGrad();
            List<@Nullable Object> args = new ArrayList<>();
            call.get("args").forEach(arg -> args.add(decode(arg, tensors)));
            Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
            call.get("kwargs")
                    .fields()
                    .forEachRemaining(arg -> kwargs.put(arg.getKey(), decode(arg.getValue(), tensors)));
            String method = call.get("method").asText();
            Inputs inputs = new Inputs(args, kwargs);
            Object result = method.equals("forward") ? module.call(inputs) : module.call(method, inputs);
            String place = name + " call " + index;
            compare(decode(call.get("result"), tensors), result, place + " " + method);
            checkGradients(module, result, tensors, index, place);
            for (Named<? extends Tensor> buffer : module.namedBuffers()) {
                String key = index + ".buffer." + buffer.name();
                compare(assertNotNullIn(tensors, key), buffer.value(), place + " " + key);
            }
            index++;
        }
    }

    private static Tensor assertNotNullIn(Map<String, Tensor> tensors, String key) {
        Tensor tensor = tensors.get(key);
        assertNotNull(tensor, key);
        return tensor;
    }

    private static void checkGradients(
            Module<?, ?> module, @Nullable Object result, Map<String, Tensor> tensors, int index, String place) {
        List<Tensor> leaves = new ArrayList<>();
        collect(result, leaves);
        Tensor loss = null;
        for (Tensor leaf : leaves) {
            if (leaf.numel() > 0) {
                Tensor part = leaf.to(DType.FLOAT32).pow(2).mean();
                loss = loss == null ? part : loss.add(part);
            }
        }
        if (loss != null && loss.requiresGrad()) {
            loss.backward();
        }
        int compared = 0;
        for (Named<Parameter> parameter : module.namedParameters()) {
            Tensor expected = tensors.get(index + ".grad." + parameter.name());
            Tensor grad = parameter.value().grad();
            assertEquals(expected == null, grad == null, place + ": gradient of " + parameter.name());
            if (expected != null) {
                compare(expected, grad, place + ": gradient of " + parameter.name());
                compared++;
            }
        }
        String prefix = index + ".grad.";
        assertEquals(
                tensors.keySet().stream().filter(key -> key.startsWith(prefix)).count(), compared, place);
    }

    private static void collect(@Nullable Object value, List<Tensor> leaves) {
        if (value instanceof Tensor tensor) {
            if (tensor.isFloatingPoint()) {
                leaves.add(tensor);
            }
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collect(each, leaves));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> collect(each, leaves));
        }
    }

    private static @Nullable Object decode(JsonNode node, Map<String, Tensor> tensors) {
        if (node.has("tensor")) {
            return assertNotNullIn(tensors, node.get("tensor").asText());
        }
        if (node.has("list")) {
            List<@Nullable Object> list = new ArrayList<>();
            node.get("list").forEach(each -> list.add(decode(each, tensors)));
            return list;
        }
        if (node.has("dict")) {
            Map<Object, @Nullable Object> map = new LinkedHashMap<>();
            node.get("dict")
                    .forEach(entry ->
                            map.put(String.valueOf(decode(entry.get(0), tensors)), decode(entry.get(1), tensors)));
            return numbered(map);
        }
        if (node.has("dtype")) {
            return DType.valueOf(node.get("dtype").asText().toUpperCase(Locale.ROOT));
        }
        if (node.has("device")) {
            return Device.of(node.get("device").asText());
        }
        return node.isNull()
                ? null
                : node.isBoolean()
                        ? (Object) node.asBoolean()
                        : node.isIntegralNumber()
                                ? (Object) node.asLong()
                                : node.isNumber() ? node.asDouble() : node.asText();
    }

    /** Returns a map with whole numbers for keys if they are some. */
    private static Map<Object, @Nullable Object> numbered(Map<Object, @Nullable Object> map) {
        Map<Object, @Nullable Object> all = new LinkedHashMap<>();
        map.forEach((key, value) ->
                all.put(key.toString().matches("\\d+") ? (Object) Long.valueOf(key.toString()) : key, value));
        return all;
    }

    private static void compare(@Nullable Object expected, @Nullable Object actual, String place) {
        if (expected instanceof Tensor tensor && actual instanceof Tensor other) {
            assertEquals(tensor.dtype(), other.dtype(), place);
            assertEquals(List.of(tensor.size()), List.of(other.size()), place);
            boolean low = tensor.dtype() == DType.FLOAT16 || tensor.dtype() == DType.BFLOAT16;
            assertTrue(
                    tensor.detach()
                            .to(DType.FLOAT64)
                            .allclose(other.detach().to(DType.FLOAT64), low ? 1e-2 : 1e-4, low ? 1e-3 : 1e-5),
                    () -> place + ": " + tensor + " but was " + other);
        } else if (expected instanceof List<?> list && actual instanceof List<?> other) {
            assertEquals(list.size(), other.size(), place);
            for (int i = 0; i < list.size(); i++) {
                compare(list.get(i), other.get(i), place + "[" + i + "]");
            }
        } else if (expected instanceof Map<?, ?> map && actual instanceof Map<?, ?> other) {
            assertEquals(List.copyOf(map.keySet()), List.copyOf(other.keySet()), place);
            map.forEach((key, value) -> compare(value, other.get(key), place + "['" + key + "']"));
        } else {
            assertEquals(expected, actual, place);
        }
    }
}
