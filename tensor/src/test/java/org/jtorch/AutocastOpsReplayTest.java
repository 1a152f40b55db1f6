package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.amp.Autocast;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Calls every op under autocast and compares with PyTorch, as {@code parity/record/autocast.py} recorded it: with float32
 * inputs, and, if autocast changes the result, with inputs in bfloat16 and in both.
 */
class AutocastOpsReplayTest {

    private static JsonNode read(String name) throws IOException {
        try (InputStream in = AutocastOpsReplayTest.class.getResourceAsStream(name)) {
            return new ObjectMapper().readTree(in);
        }
    }

    @TestFactory
    List<DynamicTest> opsAreAsInPythonUnderAutocast() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode plain = read("ops.json");
        long seed = plain.get("seed").asLong();
        read("autocast_ops.json").get("dtypes").fields().forEachRemaining(entry -> {
            DType dtype = DType.of(entry.getKey());
            List<JsonNode> cases = new ArrayList<>();
            entry.getValue()
                    .get("unchanged")
                    .forEach(i -> cases.add(plain.get("cases").get(i.asInt())));
            entry.getValue().get("changed").forEach(cases::add);
            for (JsonNode node : cases) {
                String name = dtype + " " + tests.size() + " " + node.get("op").asText();
                tests.add(DynamicTest.dynamicTest(name, () -> replay(node, seed, dtype)));
            }
        });
        return tests;
    }

    private static void replay(JsonNode node, long seed, DType dtype) throws Exception {
        Object result;
        try (TensorScope scope = new TensorScope()) {
            try (Autocast autocast = new Autocast(Device.CPU, o -> o.dtype(dtype))) {
                result = OpsReplayTest.call(node, seed);
            }
            JsonNode expected = node.get("result");
            boolean signs = node.path("signs").asBoolean(false);
            double precision = dtype == DType.BFLOAT16 ? 0x1p-6 : 0x1p-9;
            List<Tensor> results = tensors(result);
            for (int i = 0; i < results.size(); i++) {
                check(
                        results.size() == 1 && expected.isObject() ? expected : expected.get(i),
                        results.get(i),
                        signs,
                        precision);
            }
            if (results.isEmpty()) {
                assertEquals(expected.asText(), String.valueOf(result));
            }
        }
    }

    private static List<Tensor> tensors(@Nullable Object result) {
        if (result instanceof ValuesIndices pair) {
            return List.of(pair.values(), pair.indices());
        }
        List<Tensor> tensors = new ArrayList<>();
        for (Object part :
                result instanceof List<?> list ? list : result instanceof Tensor t ? List.of(t) : List.of()) {
            tensors.add(assertInstanceOf(Tensor.class, part));
        }
        return tensors;
    }

    /** Compares dtype, shape, and elements to the precision of the lower dtype. */
    private static void check(JsonNode expected, Tensor actual, boolean signs, double precision) {
        assertEquals(expected.get("dtype").asText(), actual.dtype().toString());
        assertArrayEquals(Plain.longs(expected.get("shape")), actual.shape());
        Tensor plain = actual.layout() == Layout.STRIDED ? actual : actual.toDense();
        plain = actual.isComplex() ? plain.resolveConj().viewAsReal() : plain;
        double[] want = Plain.doubles(expected.get("data"));
        double[] have = plain.to(DType.FLOAT64).toDoubleArray();
        double greatest = 0;
        for (double value : want) {
            greatest = Double.isFinite(value) ? Math.max(greatest, Math.abs(value)) : greatest;
        }
        for (int i = 0; i < want.length; i++) {
            double a = signs ? Math.abs(have[i]) : have[i];
            double b = signs ? Math.abs(want[i]) : want[i];
            if (Double.compare(a + 0.0, b + 0.0) != 0 && !(Math.abs(a - b) <= precision * greatest)) {
                throw new AssertionError("element " + i + " is " + have[i] + ", expected " + want[i] + "\n" + actual);
            }
        }
    }
}
