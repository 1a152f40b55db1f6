package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.StateDict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as PyTorch and the safetensors library write them are read as PyTorch reads them. */
class RecordedFilesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "data_parallel.pt",
                "batchnorm_v1.pt",
                "training.pt",
                "dtypes.pt",
                "views.pt",
                "parameters.pt",
                "containers.pt",
                "recompressed.pt",
                "model.safetensors",
                "dtypes.safetensors"
            })
    void content(String name) {
        JsonNode expected = Recorded.expected(name);
        Checkpoint checkpoint = Checkpoint.load(Recorded.file(name));
        // a safetensors file's order is its layout's; the recording has it by name
        Object root = name.endsWith(".pt") ? checkpoint.root() : new TreeMap<>(checkpoint.stateDict());
        check(expected.get("content"), root, name);
        assertEquals(name.endsWith(".pt") ? CheckpointFormat.TORCH : CheckpointFormat.SAFETENSORS, checkpoint.format());
    }

    private static void check(JsonNode expected, Object actual, String where) {
        String kind = expected.fieldNames().next();
        JsonNode value = expected.get(kind);
        switch (kind) {
            case "dict" -> checkDict(value, actual, where);
            case "list" -> checkAll(value, assertInstanceOf(List.class, actual, where), where);
            case "tuple" ->
                checkAll(value, assertInstanceOf(Tuple.class, actual, where).values(), where);
            case "set" -> {
                Set<?> set = assertInstanceOf(Set.class, actual, where);
                assertEquals(value.size(), set.size(), where);
                value.forEach(element -> assertTrue(set.contains(element.asLong()), where));
            }
            case "tensor" -> checkTensor(expected, assertInstanceOf(Tensor.class, actual, where), where);
            case "int" -> assertEquals(new BigInteger(value.asText()), new BigInteger(String.valueOf(actual)), where);
            case "float" -> assertEquals(number(value.asText()), actual, where);
            case "value" ->
                assertEquals(
                        value.isNull() ? null : value.isBoolean() ? (Object) value.asBoolean() : value.asText(),
                        actual,
                        where);
            case "bytes" -> assertEquals(value.asText(), HexFormat.of().formatHex((byte[]) actual), where);
            case "complex" ->
                assertEquals(new Complex(value.get(0).asDouble(), value.get(1).asDouble()), actual, where);
            case "size" -> assertEquals(new Size(integers(value)), actual, where);
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

    private static void checkTensor(JsonNode expected, Tensor tensor, String where) {
        assertEquals(DType.of(expected.get("tensor").asText()), tensor.dtype(), where);
        assertArrayEquals(integers(expected.get("shape")), tensor.shape(), where);
        assertArrayEquals(integers(expected.get("stride")), tensor.strides(), where);
        assertEquals(expected.get("offset").asLong(), tensor.storageOffset(), where);
        assertEquals(expected.get("requires_grad").asBoolean(), tensor.requiresGrad(), where);
        assertEquals(expected.get("parameter").asBoolean(), tensor instanceof Parameter, where);
        assertEquals(expected.get("sha256").asText(), Recorded.sha256(tensor), where);
    }

    private static Double number(String text) {
        return switch (text) {
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

    @Test
    void viewsOfOneStorageStaySo() {
        JsonNode shared = Recorded.expected("views.pt").get("shared_storage");
        StateDict state = Checkpoint.load(Recorded.file("views.pt")).stateDict();
        long id = Recorded.storageId(state.get("base"));
        for (JsonNode name : shared) {
            assertEquals(id, Recorded.storageId(state.get(name.asText())), name.asText());
        }
        for (String name : List.of("scalar", "empty", "channels_last", "narrow_of_big")) {
            assertNotEquals(id, Recorded.storageId(state.get(name)), name);
        }
        assertSame(state.get("base"), state.get("again"));
        state.get("base").select(0, 2).fill_(7);
        assertEquals(7, state.get("row").select(0, 0).item());
    }

    @Test
    void storagesOfOneFileAreNoViewsOfEachOther() {
        StateDict state = Checkpoint.load(Recorded.file("model.safetensors")).stateDict();
        assertEquals(
                state.size(),
                state.values().stream().map(Recorded::storageId).distinct().count());
        state.values().forEach(tensor -> assertEquals(0, tensor.storageOffset()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "batchnorm_v1.pt"})
    void metadata(String name) {
        Map<String, Map<String, Object>> expected = new LinkedHashMap<>();
        Recorded.expected(name)
                .get("metadata")
                .fields()
                .forEachRemaining(item -> expected.put(
                        item.getKey(),
                        Map.of("version", item.getValue().get("version").asLong())));
        StateDict state = Checkpoint.load(Recorded.file(name)).stateDict();
        assertEquals(expected, state.metadata());
        assertEquals(
                List.copyOf(expected.keySet()), List.copyOf(state.metadata().keySet()));
    }

    @Test
    void textBesideSafetensors() {
        assertEquals(
                Map.of("origin", "test", "format", "pt"),
                Checkpoint.load(Recorded.file("model.safetensors")).header());
        assertEquals(
                Map.of(), Checkpoint.load(Recorded.file("dtypes.safetensors")).header());
    }

    @Test
    void cycles() {
        Checkpoint checkpoint = Checkpoint.load(Recorded.file("cycles.pt"));
        List<?> self = (List<?>) checkpoint.at("self").root();
        assertEquals(1, self.size());
        assertSame(self, self.get(0));
        List<?> same = (List<?>) checkpoint.at("same").root();
        assertEquals(2, same.size());
        assertSame(same.get(0), same.get(1));
    }

    @Test
    void aStateDictInsideOfATrainingCheckpoint() {
        Checkpoint checkpoint = Checkpoint.load(Recorded.file("training.pt"));
        assertEquals(12, checkpoint.at("model_state_dict").stateDict().size());
        CheckpointException outside = assertThrows(CheckpointException.class, checkpoint::stateDict);
        assertTrue(outside.getMessage().contains("at(\"model_state_dict\").stateDict()"), outside.getMessage());
        CheckpointException missing = assertThrows(CheckpointException.class, () -> checkpoint.at("model"));
        assertTrue(missing.getMessage().contains("'model_state_dict'"), missing.getMessage());
        assertEquals(3L, checkpoint.at("epoch").root());
        assertInstanceOf(
                Map.class,
                checkpoint.at("optimizer_state_dict").at("state").at(0).root());
        assertNull(((Map<?, ?>) ((List<?>) checkpoint
                                .at("optimizer_state_dict")
                                .at("param_groups")
                                .root())
                        .get(0))
                .get("fused"));
    }

    @Test
    void whatIsWrittenIntoALoadedTensorStaysInTheProcess() {
        Tensor scale =
                Checkpoint.load(Recorded.file("state_dict.pt")).stateDict().get("scale");
        double before = scale.item();
        scale.fill_(-1);
        assertEquals(-1, scale.item());
        assertEquals(
                before,
                Checkpoint.load(Recorded.file("state_dict.pt"))
                        .stateDict()
                        .get("scale")
                        .item());
    }

    /** Formats and classes that are not read are refused by their name. */
    @ParameterizedTest
    @CsvSource({
        "state_dict_legacy.pt, PyTorch before 1.6",
        "whole_model.pt, __main__.Net",
        "namespace.pt, argparse.Namespace",
        "numpy.pt, numpy._core.multiarray._reconstruct",
        "sparse.pt, torch._utils._rebuild_sparse_tensor",
        "torchscript.pt, TorchScript"
    })
    void refusedByName(String name, String reason) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(Recorded.file(name)));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertTrue(e.getMessage().contains(name), e.getMessage());
    }
}
