package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
        if (dtype.isComplex()) {
            long[] pairs = Arrays.copyOf(shape, shape.length + 1);
            pairs[shape.length] = 2;
            return Torch.tensor(doubles(node.get("data")), pairs)
                    .viewAsComplex()
                    .to(dtype);
        }
        return Torch.tensor(doubles(node.get("data")), shape, TensorOptions.of(dtype));
    }

    /** Compares dtype, shape and elements, to the last bit. */
    static void assertSame(JsonNode expected, Tensor actual) {
        assertEquals(expected.get("dtype").asText(), actual.dtype().toString());
        assertArrayEquals(longs(expected.get("shape")), actual.shape());
        assertArrayEquals(doubles(expected.get("data")), actual.toDoubleArray());
    }

    /**
     * Compares dtype, shape and elements.
     *
     * @param dtype what the dtype should be where it is not the recorded one, else null
     * @param signs whether columns may have turned their signs, as eigenvectors may
     */
    static void assertClose(JsonNode expected, Tensor actual, @Nullable DType dtype, boolean signs) {
        DType recorded = DType.of(expected.get("dtype").asText());
        assertEquals(dtype == null ? recorded : dtype, actual.dtype());
        assertArrayEquals(longs(expected.get("shape")), actual.shape());
        Tensor plain = actual.layout() == Layout.STRIDED ? actual : actual.toDense();
        if (actual.isComplex()) {
            plain = plain.resolveConj().viewAsReal();
        }
        double[] want = doubles(expected.get("data"));
        double[] have = plain.toDoubleArray();
        boolean exact = !recorded.isFloatingPoint() && !recorded.isComplex();
        for (int i = 0; i < want.length; i++) {
            double a = signs ? Math.abs(have[i]) : have[i];
            double b = signs ? Math.abs(want[i]) : want[i];
            if (dtype != null && exact && dtype == DType.BOOL) {
                b = b != 0 ? 1 : 0;
            }
            boolean same = a == b || (Double.isNaN(a) && Double.isNaN(b));
            double limit = exact ? 0 : 1e-5 + 1e-4 * Math.abs(b);
            if (!same && !(Math.abs(a - b) <= limit)) {
                throw new AssertionError("element " + i + " is " + have[i] + ", expected " + want[i] + "\n" + actual);
            }
        }
    }
}
