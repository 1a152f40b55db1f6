package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Calls every generated op and compares with PyTorch, as {@code parity/record/tensor_ops.py} recorded it: the op
 * itself, its static form, and its in-place twin. Random numbers are compared too: the streams are the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpsReplayTest {

    private static final List<Class<?>> TABLES = List.of(
            PointwiseOps.class,
            ReductionOps.class,
            ShapeOps.class,
            IndexingOps.class,
            LinearAlgebraOps.class,
            NeuralOps.class,
            RandomOps.class);

    private final Set<String> called = new TreeSet<>();
    private long seed;
    private JsonNode cases;

    @BeforeAll
    void read() throws IOException {
        try (InputStream in = OpsReplayTest.class.getResourceAsStream("ops.json")) {
            JsonNode root = new ObjectMapper().readTree(in);
            seed = root.get("seed").asLong();
            cases = root.get("cases");
        }
    }

    @TestFactory
    List<DynamicTest> opsAreAsInPython() {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode node : cases) {
            StringBuilder name =
                    new StringBuilder(tests.size() + " " + node.get("op").asText());
            node.get("args").forEach(a -> name.append(' ').append(a.get("kind").asText()));
            tests.add(DynamicTest.dynamicTest(name.toString(), () -> replay(node)));
        }
        return tests;
    }

    @AfterAll
    void everyOpWasCalled() {
        Set<String> missing = new TreeSet<>();
        for (Class<?> table : TABLES) {
            for (Method method : table.getDeclaredMethods()) {
                missing.add(method.getName());
            }
        }
        for (Method method : TorchOps.class.getDeclaredMethods()) {
            missing.add(method.getName());
        }
        missing.removeIf(name -> name.contains("$") || called.contains(name));
        missing.remove("cuda"); // needs a device that not every machine has
        assertEquals(Set.of(), missing, "ops without a recorded case");
    }

    private void replay(JsonNode node) throws Exception {
        String name = node.get("op").asText();
        List<Class<?>> types = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonNode arg : node.get("args")) {
            types.add(type(arg.get("kind").asText()));
            values.add(value(arg));
        }
        if (node.get("static").asBoolean()) {
            Method method = method(List.of(TorchOps.class), name, types);
            assertNotNull(method, "no static " + name + types);
            check(node, call(method, null, values), null);
            return;
        }
        List<Class<?>> rest = types.subList(1, types.size());
        Tensor self = (Tensor) values.get(0);
        if (node.path("sparse").asBoolean()) {
            self = self.toSparse();
        }
        Method method = method(TABLES, name, rest);
        assertNotNull(method, "no " + name + rest);
        check(node, call(method, self.clone(), values.subList(1, values.size())), null);
        Method functional = method(List.of(TorchOps.class), name, types);
        if (functional != null && node.path("function").asBoolean(true)) {
            List<@Nullable Object> all = new ArrayList<>(values);
            all.set(0, self.clone());
            check(node, call(functional, null, all), null);
        }
        Method twin = name.endsWith("_") ? null : method(TABLES, name + "_", rest);
        if (twin != null && node.path("twin").asBoolean(true)) {
            Tensor changed = self.clone();
            assertSame(changed, call(twin, changed, values.subList(1, values.size())));
            check(node, changed, self.dtype());
        }
    }

    private @Nullable Object call(Method method, @Nullable Object receiver, List<@Nullable Object> values)
            throws Exception {
        called.add(method.getName());
        return call(seed, method, receiver, values);
    }

    private static @Nullable Object call(
            long seed, Method method, @Nullable Object receiver, List<@Nullable Object> values) throws Exception {
        Torch.manualSeed(seed);
        try {
            method.setAccessible(true);
            return method.invoke(receiver, values.toArray());
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Calls the op of a case once, as a method or as a static of Torch. */
    static @Nullable Object call(JsonNode node, long seed) throws Exception {
        List<Class<?>> types = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonNode arg : node.get("args")) {
            types.add(type(arg.get("kind").asText()));
            values.add(value(arg));
        }
        String name = node.get("op").asText();
        if (node.get("static").asBoolean()) {
            return call(seed, method(List.of(TorchOps.class), name, types), null, values);
        }
        Tensor self = (Tensor) values.get(0);
        if (node.path("sparse").asBoolean()) {
            self = self.toSparse();
        }
        Method method = method(TABLES, name, types.subList(1, types.size()));
        return call(seed, method, self, values.subList(1, values.size()));
    }

    private static @Nullable Method method(List<Class<?>> homes, String name, List<Class<?>> types) {
        for (Class<?> home : homes) {
            for (Method method : home.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && Modifier.isPublic(method.getModifiers())
                        && Arrays.asList(method.getParameterTypes()).equals(types)) {
                    return method;
                }
            }
        }
        return null;
    }

    // --- values ------------------------------------------------------------------------------------------------

    private static Class<?> type(String kind) {
        return switch (kind) {
            case "Tensor" -> Tensor.class;
            case "List" -> List.class;
            case "long" -> long.class;
            case "long[]" -> long[].class;
            case "double" -> double.class;
            case "Number" -> Number.class;
            case "boolean" -> boolean.class;
            case "String" -> String.class;
            case "DType" -> DType.class;
            case "Device" -> Device.class;
            case "TensorOptions" -> TensorOptions.class;
            case "MemoryFormat" -> MemoryFormat.class;
            case "Generator" -> Generator.class;
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static @Nullable Object value(JsonNode arg) {
        JsonNode value = arg.get("value");
        if (value.isTextual() && value.asText().equals("null")) {
            return null;
        }
        return switch (arg.get("kind").asText()) {
            case "Tensor" -> Plain.read(value);
            case "List" -> {
                List<Tensor> tensors = new ArrayList<>();
                value.forEach(t -> tensors.add(Plain.read(t)));
                yield tensors;
            }
            case "long" -> value.asLong();
            case "long[]" -> Plain.longs(value);
            case "double" -> value.asDouble();
            case "Number" -> value.isIntegralNumber() ? (Number) value.asInt() : (Number) value.asDouble();
            case "boolean" -> value.asBoolean();
            case "String" -> value.asText();
            case "DType" -> DType.of(value.asText());
            case "Device" -> Device.of(value.asText());
            case "TensorOptions" -> TensorOptions.of(DType.of(value.asText()));
            case "MemoryFormat" -> MemoryFormat.valueOf(value.asText());
            default -> throw new IllegalArgumentException(arg.toString());
        };
    }

    private static void check(JsonNode node, @Nullable Object actual, @Nullable DType dtype) {
        JsonNode expected = node.get("result");
        boolean signs = node.path("signs").asBoolean(false);
        if (actual instanceof Tensor tensor) {
            Plain.assertClose(expected, tensor, dtype, signs);
        } else if (actual instanceof ValuesIndices pair) {
            Plain.assertClose(expected.get(0), pair.values(), null, signs);
            Plain.assertClose(expected.get(1), pair.indices(), null, signs);
        } else if (actual instanceof List<?> list) {
            assertEquals(expected.size(), list.size());
            for (int i = 0; i < list.size(); i++) {
                Plain.assertClose(expected.get(i), (Tensor) list.get(i), null, signs);
            }
        } else if (actual instanceof Boolean truth) {
            assertTrue(expected.isBoolean());
            assertEquals(expected.asBoolean(), truth);
        } else {
            fail("unexpected result " + actual);
        }
    }
}
