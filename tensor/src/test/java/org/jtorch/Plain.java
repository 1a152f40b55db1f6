package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;

/** Small tensors as recordings write them: {@code {"dtype", "shape", "data"}}. */
final class Plain {

    private Plain() {}

    static long[] longs(JsonNode node) {
        long[] values = new long[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.get(i).asLong();
        }
        return values;
    }

    static double[] doubles(JsonNode node) {
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = node.get(i);
            values[i] = value.isBoolean() ? (value.asBoolean() ? 1 : 0) : Double.parseDouble(spelling(value.asText()));
        }
        return values;
    }

    private static String spelling(String text) {
        return switch (text) {
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            case "nan" -> "NaN";
            default -> text;
        };
    }

    static Tensor read(JsonNode node) {
        DType dtype = DType.of(node.get("dtype").asText());
        long[] shape = longs(node.get("shape"));
        if (dtype == DType.INT64) {
            return Torch.tensor(longs(node.get("data")), shape);
        }
        return Torch.tensor(doubles(node.get("data")), shape, TensorOptions.of(dtype));
    }

    /** Compares dtype, shape and elements, to the last bit. */
    static void assertSame(JsonNode expected, Tensor actual) {
        assertEquals(expected.get("dtype").asText(), actual.dtype().toString());
        assertArrayEquals(longs(expected.get("shape")), actual.shape());
        assertArrayEquals(doubles(expected.get("data")), actual.toDoubleArray());
    }
}
