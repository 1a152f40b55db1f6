package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Operator;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.internal.contents.StateDicts;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.Counter;
import org.jtorch.serialize.python.DefaultDict;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/** Compares what was read with what PyTorch said is there, every field that it states. */
final class RecordedContent {

    private RecordedContent() {}

    static void check(JsonNode expected, Object actual, String where) {
        String kind = expected.fieldNames().next();
        JsonNode value = expected.get(kind);
        switch (kind) {
            case "dict" -> checkDict(value, actual, where);
            case "list" -> checkAll(value, assertInstanceOf(List.class, actual, where), where);
            case "tuple" ->
                checkAll(value, assertInstanceOf(Tuple.class, actual, where).values(), where);
            case "set", "frozenset" -> {
                Set<?> set = assertInstanceOf(Set.class, actual, where);
                assertEquals(kind.equals("frozenset"), set instanceof FrozenSet, where);
                assertEquals(value.size(), set.size(), where);
                value.forEach(element -> assertTrue(set.contains(element.asLong()), where));
            }
            case "tensor" -> checkTensor(expected, assertInstanceOf(Tensor.class, actual, where), where);
            case "int" -> assertEquals(new BigInteger(value.asText()), new BigInteger(String.valueOf(actual)), where);
            case "float" -> assertEquals(number(value.asText()), actual, where);
            case "counter" -> checkDict(value, assertInstanceOf(Counter.class, actual, where), where);
            case "defaultdict" -> {
                DefaultDict dict = assertInstanceOf(DefaultDict.class, actual, where);
                JsonNode factory = expected.get("factory");
                assertEquals(factory.isNull() ? null : factory.asText(), dict.factory(), where);
                checkDict(value, dict, where);
            }
            case "ndarray" -> {
                NumpyArray array = assertInstanceOf(NumpyArray.class, actual, where);
                assertEquals(value.asText(), array.dtype(), where);
                assertArrayEquals(integers(expected.get("shape")), array.shape(), where);
                assertEquals(expected.get("sha256").asText(), Recorded.sha256(array.bytes()), where);
                assertEquals(expected.get("sha256").asText(), Recorded.sha256(array.toTensor()), where);
            }
            case "npscalar" -> checkScalar(value.asText(), expected.get("repr").asText(), actual, where);
            case "object" -> checkObject(expected, assertInstanceOf(PythonObject.class, actual, where), where);
            case "value" ->
                assertEquals(
                        value.isNull() ? null : value.isBoolean() ? (Object) value.asBoolean() : value.asText(),
                        actual,
                        where);
            case "bytes" -> assertEquals(value.asText(), HexFormat.of().formatHex((byte[]) actual), where);
            case "complex" ->
                assertEquals(new Complex(value.get(0).asDouble(), value.get(1).asDouble()), actual, where);
            case "size" -> assertEquals(Size.of(integers(value)), actual, where);
            case "device" -> assertEquals(Device.of(value.asText()), actual, where);
            case "dtype" -> assertEquals(DType.of(value.asText()), actual, where);
            default -> fail(where + ": the recording has a " + kind);
        }
    }

    private static void checkDict(JsonNode expected, Object actual, String where) {

        Map<?, ?> dict = assertInstanceOf(Map.class, actual, where);
        assertEquals(expected.size(), dict.size(), where);
        Iterator<? extends Map.Entry<?, ?>> entries = dict.entrySet().iterator();
        for (JsonNode item : expected) {
            Map.Entry<?, ?> entry = entries.next();
            check(item.get(0), entry.getKey(), where + " key " + entry.getKey());
            check(item.get(1), entry.getValue(), where + "[" + entry.getKey() + "]");
        }
    }

    private static void checkAll(JsonNode expected, List<?> actual, String where) {
        assertEquals(expected.size(), actual.size(), where);
        for (int i = 0; i < expected.size(); i++) {
            check(expected.get(i), actual.get(i), where + "[" + i + "]");
        }
    }

    private static void checkObject(JsonNode expected, PythonObject object, String where) {
        assertEquals(expected.get("object").asText(), object.name(), where);
        if (expected.has("state")) {
            check(expected.get("state"), object.state(), where + ".state");
        }
        if (expected.has("state_dict")) {
            StateDict state = StateDicts.of(object);
            check(expected.get("state_dict"), state, where + ".state_dict");
        }
    }

    /** numpy's float64 and complex128 are Python's own. */
    private static void checkScalar(String dtype, String text, Object actual, String where) {
        Object value = actual;
        if (!dtype.equals("float64") && !dtype.equals("complex128")) {
            NumpyScalar scalar = assertInstanceOf(NumpyScalar.class, actual, where);
            assertEquals(dtype, scalar.dtype(), where);
            value = scalar.value();
        }
        Object expected =
                switch (dtype) {
                    case "bool" -> Boolean.valueOf(text);
                    case "float16", "float32", "float64" -> Double.valueOf(text);
                    case "complex64", "complex128" -> new Complex(1, 0);
                    default -> Long.valueOf(text);
                };
        assertEquals(expected, value, where);
    }

    private static void checkTensor(JsonNode expected, Tensor tensor, String where) {
        assertEquals(DType.of(expected.get("tensor").asText()), tensor.dtype(), where);
        assertArrayEquals(integers(expected.get("shape")), tensor.shape(), where);
        if (expected.has("layout")) {
            assertEquals(
                    "torch." + expected.get("layout").asText(), tensor.layout().toString(), where);
            if (expected.has("coalesced")) {
                boolean coalesced = (boolean)
                        Operator.find("aten::is_coalesced", "").call(tensor).get(0);
                assertEquals(expected.get("coalesced").asBoolean(), coalesced, where);
            }
            assertEquals(expected.get("dense_sha256").asText(), Recorded.sha256(tensor.toDense()), where);
            return;
        }
        assertArrayEquals(integers(expected.get("stride")), tensor.strides(), where);
        assertEquals(expected.get("offset").asLong(), tensor.storageOffset(), where);
        assertEquals(expected.get("requires_grad").asBoolean(), tensor.requiresGrad(), where);
        assertEquals(expected.get("parameter").asBoolean(), tensor instanceof Parameter, where);
        if (expected.has("meta")) {
            assertEquals(Device.META, tensor.device(), where);
        } else {
            assertEquals(expected.get("sha256").asText(), Recorded.sha256(tensor), where);
        }
    }

    private static Double number(String text) {
        return switch (text) {
            case "np.float64(0.5)" -> 0.5;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.valueOf(text);
        };
    }

    private static long[] integers(JsonNode array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asLong();
        }
        return values;
    }
}
