package org.jtorch.parity.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Module;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.functional.Reduction;
import org.jtorch.nn.rnn.RNNBase;
import org.jtorch.nn.spec.ModuleSpec;
import org.jtorch.nn.transformer.TransformerDecoder;
import org.jtorch.nn.transformer.TransformerDecoderLayer;
import org.jtorch.nn.transformer.TransformerEncoder;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every attribute of PyTorch's modules can be read. Those that PyTorch's users set can be set, and are shown as PyTorch shows
 * them: {@code api/attributes.json}, which {@code parity/record/attributes.py} writes.
 */
class AttributesTest {

    private static final JsonNode RECORDED = recorded();

    /** Attributes without a method or field of the same name, by class and attribute, with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "Upsample.name", "className() tells it of every module",
            "UpsamplingBilinear2d.name", "className() tells it of every module",
            "UpsamplingNearest2d.name", "className() tells it of every module");

    private static JsonNode recorded() {
        try {
            return new ObjectMapper().readTree(TorchApi.text("/api/attributes.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Module<?, ?> make(String name) {
        // It is made from another module, which the file does not describe.
        if (name.equals("TransformerEncoder")) {
            return new TransformerEncoder(new TransformerEncoderLayer(4, 2, o -> o.dimFeedforward(8)), 1);
        } else if (name.equals("TransformerDecoder")) {
            return new TransformerDecoder(new TransformerDecoderLayer(4, 2, o -> o.dimFeedforward(8)), 1);
        } else if (name.equals("NonDynamicallyQuantizableLinear")) {
            return new org.jtorch.nn.linear.NonDynamicallyQuantizableLinear(2, 3, o -> {});
        }
        JsonNode row = RECORDED.get(name);
        return ModuleSpec.fromJson("{\"module\": \"" + name + "\", \"args\": " + row.get("args") + ", \"kwargs\": "
                        + row.get("kwargs") + "}")
                .build();
    }

    private static Stream<String> classes() {
        List<String> names = new ArrayList<>();
        RECORDED.fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    // --- reading -----------------------------------------------------------------------------------------------

    private static @Nullable Method getter(Module<?, ?> module, String name) {
        return Arrays.stream(module.getClass().getMethods())
                .filter(m -> m.getName().equals(name) && m.getParameterCount() == 0 && m.getReturnType() != void.class)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Field field(Module<?, ?> module, String name) {
        return Arrays.stream(module.getClass().getFields())
                .filter(f -> f.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Object invoke(Module<?, ?> module, Method method, @Nullable Object... arguments) {
        try {
            return method.invoke(module, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(method + " of " + module, e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(method + " is not public", e);
        }
    }

    /** Returns a value as JSON. A list of one element is equal to the number in it, since a size may be given either way. */
    private static String text(@Nullable Object value, JsonNode like) {
        if (value instanceof long[] sizes) {
            return text(Arrays.stream(sizes).boxed().toList(), like);
        } else if (value instanceof double[] numbers) {
            return text(Arrays.stream(numbers).boxed().toList(), like);
        } else if (value instanceof List<?> list) {
            return list.size() == 1 && like.isNumber() ? text(list.get(0), like) : text(list.toString());
        } else if (value instanceof Number number && like.isNumber()) {
            return String.valueOf(number.doubleValue());
        }
        return String.valueOf(value);
    }

    private static String text(String list) {
        return list.replace(" ", "");
    }

    private static String text(JsonNode value) {
        return value.isNumber()
                ? String.valueOf(value.doubleValue())
                : value.isTextual() ? value.textValue() : text(value.toString());
    }

    private static void checkRead(Module<?, ?> module, String attribute, JsonNode expected)
            throws ReflectiveOperationException {
        String name = JavaNames.camelCase(attribute);
        if (expected.has("member") && module instanceof RNNBase<?, ?>) {
            assertNotNull(
                    module.getParameter(attribute)); // Their number is an argument, so they are registered by name.
            return;
        }
        Method getter = getter(module, name);
        Field field = field(module, name);
        if (expected.has("member") || expected.has("function")) {
            assertNotNull(field, "no public field " + name);
            assertEquals(expected.path("member").asBoolean(), field.get(module) != null, attribute);
        } else if (getter == null && expected.isNull()) {
            assertNotNull(field, "neither a method nor a public field " + name);
            assertNull(field.get(module), attribute);
        } else {
            assertNotNull(getter, "no method " + name + "()");
            assertEquals(text(expected), text(invoke(module, getter), expected), attribute);
        }
    }

    @TestFactory
    Stream<DynamicTest> attributesCanBeRead() {
        return classes()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Module<?, ?> module = make(name);
                    for (Iterator<Map.Entry<String, JsonNode>> all =
                                    RECORDED.get(name).get("attributes").fields();
                            all.hasNext(); ) {
                        Map.Entry<String, JsonNode> attribute = all.next();
                        if (!EXCEPTIONS.containsKey(name + "." + attribute.getKey())) {
                            checkRead(module, attribute.getKey(), attribute.getValue());
                        }
                    }
                }));
    }

    @Test
    void exceptionsAreOfPyTorchAndAbsent() {
        EXCEPTIONS.forEach((path, reason) -> {
            String[] parts = path.split("\\.");
            assertTrue(RECORDED.path(parts[0]).path("attributes").has(parts[1]), path);
            assertNull(getter(make(parts[0]), JavaNames.camelCase(parts[1])), path);
            assertFalse(reason.isEmpty(), path);
        });
    }

    /** Checks that the tests above cover every module except containers. */
    @Test
    void everyModuleIsRecorded() {
        Set<String> left = new TreeSet<>(ModuleSpec.names());
        classes().forEach(left::remove);
        assertEquals(Set.of("ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"), left);
    }

    @Test
    void whatPyTorchCanResetIsResettable() {
        classes()
                .forEach(name -> assertEquals(
                        RECORDED.get(name).get("resets").booleanValue(), make(name) instanceof Resettable, name));
    }

    // --- setting -----------------------------------------------------------------------------------------------

    private static @Nullable Object argument(Class<?> type, JsonNode value) {
        if (type == boolean.class || type == Boolean.class) {
            return value.booleanValue();
        } else if (type == long.class || type == Long.class) {
            return value.longValue();
        } else if (type == double.class) {
            return value.doubleValue();
        } else if (type == Number.class) {
            return value.isIntegralNumber() ? (Number) value.longValue() : (Number) value.doubleValue();
        } else if (type == String.class) {
            return value.textValue();
        } else if (type == Reduction.class) {
            return Reduction.of(value.textValue());
        } else if (type == PaddingMode.class) {
            return PaddingMode.of(value.textValue());
        } else if (type == long[].class) {
            long[] sizes = new long[value.isArray() ? value.size() : 1];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = (value.isArray() ? value.get(i) : value).longValue();
            }
            return sizes;
        } else if (type == double[].class) {
            return new double[] {value.doubleValue()};
        } else if (type == Number[].class) {
            return new Number[] {value.longValue()};
        }
        throw new AssertionError("no argument of " + type + " is made here");
    }

    private static Method setter(Module<?, ?> module, String name, JsonNode value) {
        return Arrays.stream(module.getClass().getMethods())
                .filter(m -> m.getName().equals(name)
                        && m.getParameterCount() == 1
                        && m.getReturnType() == void.class
                        && (m.getParameterTypes()[0] == String.class || m.getParameterTypes()[0].isEnum())
                                == value.isTextual())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no method " + name + "(" + value + ")"));
    }

    @TestFactory
    Stream<DynamicTest> attributesCanBeSet() {
        return classes()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    for (JsonNode set : RECORDED.get(name).get("set")) {
                        Module<?, ?> module = make(name);
                        String attribute = set.get("name").textValue();
                        Method setter = setter(module, JavaNames.camelCase(attribute), set.get("value"));
                        invoke(module, setter, argument(setter.getParameterTypes()[0], set.get("value")));
                        assertEquals(set.get("repr").textValue(), module.toString(), attribute);
                        Object read = invoke(module, getter(module, JavaNames.camelCase(attribute)));
                        assertNotNull(read, attribute);
                        if (!(read instanceof long[] || read instanceof double[] || read instanceof List)) {
                            assertEquals(text(set.get("value")), text(read, set.get("value")), attribute);
                        }
                    }
                }));
    }
}
