package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of the kinds that people report trouble with: whatever stands beside them, the state dicts in them are read, listed and
 * converted. What is in each file is PyTorch's word ({@code parity/record/reported.py}).
 */
class ReportedKindsTest {

    @TempDir
    Path folder;

    /** Files with complex32 or sparse tensors, or with parameters that have no shape yet. */
    private static final Set<String> NOT_IN_SAFETENSORS = Set.of("ts_float8.pt", "whole_lazy.pt");

    static Stream<String> files() throws IOException {
        List<String> names = new ArrayList<>();
        json().fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    private static JsonNode json() throws IOException {
        try (InputStream json = Files.newInputStream(Recorded.file("kinds/expected.json"))) {
            return new ObjectMapper().readTree(json).get("files");
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void stateDicts(String name) throws IOException {
        Path file = Recorded.file("kinds/" + name);
        Checkpoint checkpoint = Checkpoint.load(file);
        CheckpointInfo info = Checkpoint.open(file);
        for (JsonNode each : json().get(name).get("states")) {
            JsonNode expected = each.get("state");
            Checkpoint at = at(checkpoint, each.get("at"));
            check(expected, at.stateDict(), name);
            expected.fields().forEachRemaining(entry -> listed(entry.getKey(), entry.getValue(), info));
        }
        for (JsonNode each : json().get(name).get("values")) {
            value(each.get("value"), at(checkpoint, each.get("at")).root(), name + " " + each.get("at"));
        }
    }

    /** Tensors of whole models and distributed tensors are listed by the attributes on the way to them. */
    private static void listed(String key, JsonNode expected, CheckpointInfo info) {
        String last = key.substring(key.lastIndexOf('.') + 1);
        assertTrue(
                info.tensors().entrySet().stream()
                        .anyMatch(entry -> entry.getKey().contains(last)
                                && entry.getValue().dtype()
                                        == DType.of(expected.get("dtype").asText())
                                && Arrays.equals(entry.getValue().shape(), shape(expected))),
                key + " is not among " + info.tensors().keySet());
    }

    private static long[] shape(JsonNode tensor) {
        long[] shape = new long[tensor.get("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.get("shape").get(i).asLong();
        }
        return shape;
    }

    /** All unknown classes are listed, and only reading them fails. */
    @ParameterizedTest
    @MethodSource("files")
    void unknownClasses(String name) throws IOException {
        JsonNode unknown = json().get(name).get("unknown");
        if (unknown == null) {
            return;
        }
        Path file = Recorded.file("kinds/" + name);
        List<String> expected = new ArrayList<>();
        unknown.forEach(each -> expected.add(each.asText()));
        assertEquals(
                expected,
                List.copyOf(new TreeSet<>(Checkpoint.open(file).unknownClasses().keySet())));
        Checkpoint checkpoint = Checkpoint.load(file);
        if (expected.isEmpty()) {
            assertNotNull(checkpoint.root());
            return;
        }
        UnknownClassException e = assertThrows(UnknownClassException.class, checkpoint::root);
        assertEquals(expected, List.copyOf(new TreeSet<>(e.classes().keySet())));
        e.classes().values().forEach(places -> assertTrue(!places.isEmpty()));
        Checkpoint.load(file, o -> expected.forEach(o::allow)).root();
    }

    @ParameterizedTest
    @MethodSource("files")
    void converted(String name) throws IOException {
        Path file = Recorded.file("kinds/" + name);
        for (JsonNode each : json().get(name).get("states")) {
            if (each.get("at").size() > 1
                    || each.get("at").has(0) && !each.get("at").get(0).isTextual()) {
                continue;
            }
            Path to = folder.resolve(NOT_IN_SAFETENSORS.contains(name) ? "converted.pt" : "converted.safetensors");
            Checkpoint.convert(file, to, o -> {
                o.onlyTensors();
                if (each.get("at").has(0)) {
                    o.at(each.get("at").get(0).asText());
                }
            });
            check(each.get("state"), Checkpoint.load(to).stateDict(), name);
        }
    }

    private static Checkpoint at(Checkpoint checkpoint, JsonNode path) {
        Checkpoint at = checkpoint;
        for (JsonNode key : path) {
            at = at.at(key.isInt() ? key.asInt() : key.asText());
        }
        return at;
    }

    private static void check(JsonNode expected, StateDict state, String name) {
        List<String> keys = new ArrayList<>();
        expected.fieldNames().forEachRemaining(keys::add);
        StateDict shaped = new StateDict();
        state.forEach((key, tensor) -> {
            if (!tensor.isUninitialized()) {
                shaped.put(key, tensor);
            }
        });
        assertEquals(new TreeSet<>(keys), new TreeSet<>(shaped.keySet()), name);
        for (Map.Entry<String, Tensor> entry : shaped.entrySet()) {
            JsonNode told = expected.get(entry.getKey());
            String where = name + ": " + entry.getKey();
            Tensor tensor = entry.getValue();
            assertEquals(DType.of(told.get("dtype").asText()), tensor.dtype(), where);
            assertArrayEquals(shape(told), tensor.shape(), where);
            if (told.has("meta")) {
                assertTrue(tensor.isMeta(), where);
            } else {
                Tensor dense = tensor.layout() == Layout.STRIDED ? tensor : tensor.toDense();
                assertEquals(told.get("sha256").asText(), Recorded.sha256(dense), where);
            }
        }
    }

    private static void value(JsonNode expected, Object actual, String where) {
        if (expected.has("int")) {
            assertEquals(new BigInteger(expected.get("int").asText()), new BigInteger(String.valueOf(actual)), where);
        } else if (expected.has("float")) {
            assertEquals(Double.valueOf(expected.get("float").asText()), actual, where);
        } else if (expected.has("dict")) {
            Iterator<? extends Map.Entry<?, ?>> entries =
                    ((Map<?, ?>) actual).entrySet().iterator();
            assertEquals(expected.get("dict").size(), ((Map<?, ?>) actual).size(), where);
            for (JsonNode pair : expected.get("dict")) {
                Map.Entry<?, ?> entry = entries.next();
                value(pair.get(0), entry.getKey(), where);
                value(pair.get(1), entry.getValue(), where + " " + entry.getKey());
            }
        } else if (expected.isArray()) {
            List<?> values = actual instanceof Tuple tuple ? tuple.values() : (List<?>) actual;
            assertEquals(expected.size(), values.size(), where);
            for (int i = 0; i < values.size(); i++) {
                value(expected.get(i), values.get(i), where + " " + i);
            }
        } else {
            assertEquals(
                    expected.isNull() ? null : expected.isBoolean() ? (Object) expected.asBoolean() : expected.asText(),
                    actual,
                    where);
        }
    }
}
