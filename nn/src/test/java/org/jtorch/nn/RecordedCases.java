package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.junit.jupiter.api.DynamicTest;

/** What a script of parity/record wrote as JSON: a list of cases for each function, with tensors as text. */
public final class RecordedCases {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordedCases() {}

    /** Replays a case. */
    public interface Replay {
        /** Does what Python did. For a recorded error, it throws. */
        void run(JsonNode c);
    }

    /** Returns a test for each case of {@code function} in a file next to a class. A case with an error expects its message. */
    public static Stream<DynamicTest> each(Class<?> beside, String file, String function, Replay replay) {
        List<JsonNode> cases = list(read(beside, file).get(function));
        assertTrue(!cases.isEmpty(), "no cases of " + function);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            JsonNode c = cases.get(i);
            tests.add(DynamicTest.dynamicTest(function + " " + i, () -> {
                try (TensorScope scope = new TensorScope()) {
                    replay(c, replay);
                } catch (AssertionError e) {
                    throw new AssertionError(e.getMessage() + "\nin " + c, e);
                }
            }));
        }
        return tests.stream();
    }

    private static void replay(JsonNode c, Replay replay) {
        if (!c.has("error")) {
            replay.run(c);
            return;
        }
        RuntimeException error = assertThrows(RuntimeException.class, () -> replay.run(c));
        String words = c.get("error").asText();
        assertTrue(
                String.valueOf(error.getMessage()).startsWith(words), () -> error.getMessage() + "\nlacks\n" + words);
    }

    private static JsonNode read(Class<?> beside, String file) {
        try (InputStream in = beside.getResourceAsStream(file)) {
            assertNotNull(in, "no recording " + file);
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    // --- values ------------------------------------------------------------------------------------------------

    /** Returns the elements of an array. */
    public static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** Returns a number, which may be one that JSON does not have. */
    public static double number(JsonNode node) {
        return switch (node.asText()) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> node.asDouble();
        };
    }

    /** Returns an argument that may be absent or None. */
    public static @Nullable Boolean bool(JsonNode c, String name) {
        return c.hasNonNull(name) ? c.get(name).asBoolean() : null;
    }

    /** Returns an array of integers. */
    public static long[] longs(JsonNode array) {
        return list(array).stream().mapToLong(JsonNode::asLong).toArray();
    }

    /** Returns a tensor. */
    public static Tensor tensor(JsonNode node) {
        DType dtype = DType.of(node.get("dtype").asText());
        long[] shape = longs(node.get("shape"));
        if (!dtype.isFloatingPoint()) {
            return Torch.tensor(longs(node.get("data")), shape).to(dtype);
        }
        double[] data = list(node.get("data")).stream()
                .mapToDouble(RecordedCases::number)
                .toArray();
        return Torch.tensor(data, shape).to(dtype);
    }

    /** Returns a tensor, or null for None. */
    public static @Nullable Tensor optional(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : tensor(node);
    }

    /** Returns the tensors of an array. */
    public static List<Tensor> tensors(JsonNode array) {
        return list(array).stream().map(RecordedCases::tensor).toList();
    }

    // --- comparison --------------------------------------------------------------------------------------------

    /** Fails unless the tensor is the recorded one, or both are absent. */
    public static void same(@Nullable JsonNode expected, @Nullable Tensor actual) {
        close(expected, actual, 0);
    }

    /** Fails unless the tensor is within a relative difference of the recorded one, or both are absent. */
    public static void close(@Nullable JsonNode expected, @Nullable Tensor actual, double tolerance) {
        if (expected == null || expected.isNull()) {
            assertNull(actual);
            return;
        }
        assertNotNull(actual);
        Tensor wanted = tensor(expected);
        assertEquals(wanted.dtype(), actual.dtype());
        assertArrayEquals(wanted.shape(), actual.shape());
        assertTrue(
                wanted.isclose(actual, tolerance, tolerance, true).all().itemLong() == 1,
                () -> "expected " + wanted + "\nbut got " + actual);
    }

    /** Does the same as {@link #close} for each element of a list. */
    public static void allClose(JsonNode expected, List<? extends @Nullable Tensor> actual, double tolerance) {
        List<JsonNode> nodes = list(expected);
        assertEquals(nodes.size(), actual.size());
        for (int i = 0; i < nodes.size(); i++) {
            close(nodes.get(i), actual.get(i), tolerance);
        }
    }
}
