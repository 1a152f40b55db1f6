package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.TensorInfo;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as PyTorch and the safetensors library write them are read as PyTorch reads them. */
class RecordedFilesTest {

    /** Files that have tests of their own below. */
    private static final Set<String> OTHERS = Set.of("cycles.pt", "torchscript.pt", "namespace.pt");

    static Stream<String> files() {
        return Stream.concat(Recorded.names("").stream(), Recorded.names("more/").stream())
                .filter(name -> !OTHERS.contains(name));
    }

    @ParameterizedTest
    @MethodSource("files")
    void content(String name) {
        JsonNode expected = Recorded.expected(name);
        JsonNode content = expected.get("content");
        if (content.has("refused")) {
            CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.load(Recorded.file(name)));
            assertTrue(e.getMessage().contains(content.get("refused").asText()), e.getMessage());
            return;
        }
        Checkpoint checkpoint = Checkpoint.load(Recorded.file(name));
        if (content.has("count")) {
            assertEquals(content.get("count").asInt(), ((Map<?, ?>) checkpoint.root()).size());
        } else if (name.endsWith(".pt")) {
            RecordedContent.check(content, checkpoint.root(), name);
        } else {
            // these files' order is their layout's; the recording has it by name
            RecordedContent.check(content, new TreeMap<>(checkpoint.stateDict()), name);
        }
        assertEquals(format(name), checkpoint.format());
        JsonNode metadata = expected.get("metadata");
        if (metadata != null && !name.endsWith(".pt")) {
            Map<String, String> header = new LinkedHashMap<>();
            metadata.fields()
                    .forEachRemaining(e -> header.put(e.getKey(), e.getValue().asText()));
            assertEquals(header, checkpoint.header());
        } else if (metadata != null) {
            checkMetadata(metadata, checkpoint.stateDict().metadata());
            checkMetadata(metadata, Checkpoint.open(Recorded.file(name)).metadata());
        }
    }

    private static CheckpointFormat format(String name) {
        if (name.endsWith(".safetensors")) {
            return CheckpointFormat.SAFETENSORS;
        }
        if (name.endsWith(".json")) {
            return CheckpointFormat.SHARDED;
        }
        return name.contains("legacy") ? CheckpointFormat.TORCH_LEGACY : CheckpointFormat.TORCH;
    }

    /** The description of a file without reading its tensors equals what is read, key for key. */
    @ParameterizedTest
    @MethodSource("files")
    void listing(String name) {
        if (Recorded.expected(name).get("content").has("refused")) {
            assertThrows(CheckpointException.class, () -> Checkpoint.open(Recorded.file(name)));
            return;
        }
        CheckpointInfo info = Checkpoint.open(Recorded.file(name));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Checkpoint checkpoint = Checkpoint.load(
                Recorded.file(name),
                o -> o.keys(key -> {
                    assertTrue(info.tensors().containsKey(key), key);
                    return true;
                }));
        assertEquals(info.format(), checkpoint.format());
        assertEquals(info.header(), checkpoint.header());
        if (checkpoint.root() instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof Tensor tensor) {
                    tensors.put(String.valueOf(key), tensor);
                }
            });
        }
        tensors.forEach((key, tensor) -> {
            TensorInfo told = info.tensors().get(key);
            assertEquals(tensor.dtype(), told.dtype(), key);
            assertArrayEquals(tensor.shape(), told.shape(), key);
            assertEquals(tensor.layout(), told.layout(), key);
            assertEquals(tensor.numel(), told.numel(), key);
            assertEquals(tensor.requiresGrad(), told.requiresGrad(), key);
            assertEquals(tensor instanceof Parameter, told.isParameter(), key);
            if (told.layout() == Layout.STRIDED) {
                assertArrayEquals(tensor.strides(), told.strides(), key);
                assertEquals(tensor.storageOffset(), told.storageOffset(), key);
                assertEquals(tensor.nbytes(), told.nbytes(), key);
            }
        });
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

    private static void checkMetadata(JsonNode recorded, Map<String, Map<String, Object>> actual) {
        Map<String, Map<String, Object>> expected = new LinkedHashMap<>();
        recorded.fields()
                .forEachRemaining(item -> expected.put(
                        item.getKey(),
                        Map.of("version", item.getValue().get("version").asLong())));
        assertEquals(expected, actual);
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
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

    /** Its code says which tensors are parameters and buffers, but not which buffers are persistent. */
    @Test
    void torchScript() {
        Checkpoint checkpoint = Checkpoint.load(Recorded.file("torchscript.pt"));
        assertEquals(CheckpointFormat.TORCHSCRIPT, checkpoint.format());
        StateDict state = checkpoint.stateDict();
        assertEquals(
                List.of("scale", "scratch", "encoder.0.weight"),
                List.copyOf(state.keySet()).subList(0, 3));
        state.remove("scratch");
        RecordedContent.check(Recorded.expected("torchscript.pt").get("state_dict"), state, "torchscript.pt");
    }

    @Test
    void anObjectOfAnotherClass() {
        CheckpointException refused =
                assertThrows(CheckpointException.class, () -> Checkpoint.load(Recorded.file("namespace.pt"))
                        .root());
        assertTrue(refused.getMessage().contains("o.allow(\"argparse.Namespace\")"), refused.getMessage());
        JsonNode expected = Recorded.expected("namespace.pt").get("content");
        RecordedContent.check(
                expected,
                Checkpoint.load(Recorded.file("namespace.pt"), o -> o.allow("argparse.Namespace"))
                        .root(),
                "namespace.pt");
        RecordedContent.check(
                expected,
                Checkpoint.load(Recorded.file("namespace.pt"), LoadOptions::allowUnknownClasses)
                        .root(),
                "namespace.pt");
    }

    /** Classes of lists and objects with attributes, as the protocols 2 and 1 write them. */
    @ParameterizedTest
    @ValueSource(strings = {"more/classes.pt", "more/classes_protocol1.pt"})
    void objectsAsRecords(String name) {
        UnknownClassException refused =
                assertThrows(UnknownClassException.class, () -> Checkpoint.load(Recorded.file(name))
                        .root());
        assertEquals(Map.of("__main__.Config", List.of("config"), "__main__.Pair", List.of("pair")), refused.classes());
        assertEquals(
                1, Checkpoint.load(Recorded.file(name)).stateDict().get("w").item());
        Map<?, ?> root =
                (Map<?, ?>) Checkpoint.load(Recorded.file(name), o -> o.allow("__main__.Config", "__main__.Pair"))
                        .root();
        PythonObject config = (PythonObject) root.get("config");
        assertEquals("__main__.Config", config.name());
        assertEquals(0.1, config.attribute("lr"));
        assertEquals(Map.of("a", Tuple.of(1L, 2L)), config.attribute("inner"));
        PythonObject pair = (PythonObject) root.get("pair");
        assertEquals(List.of(1L, 2L), pair.items());
        assertEquals(Map.of("label", "x"), pair.state());
        assertEquals(1, ((Tensor) root.get("w")).item());
    }

    @Test
    void wholeModels() {
        Checkpoint model = Checkpoint.load(Recorded.file("more/nested_model.pt"));
        PythonObject root = (PythonObject) model.root();
        assertEquals("__main__.Model", root.name());
        StateDict state = model.stateDict();
        // tied modules share their tensors, and buffers that are not persistent are left out
        assertSame(state.get("named.head.weight"), state.get("tied.weight"));
        assertTrue(state.containsKey("blocks.0.kept"));
        assertEquals(false, state.containsKey("blocks.0.dropped"));
        Checkpoint inside = Checkpoint.load(Recorded.file("more/model_in_dict.pt"));
        assertEquals(7, inside.at("model").stateDict().size());
        CheckpointException e = assertThrows(CheckpointException.class, inside::stateDict);
        assertTrue(e.getMessage().contains("at(\"model\").stateDict()"), e.getMessage());
    }

    @Test
    void keysOfEveryKind() {
        Map<?, ?> dict =
                (Map<?, ?>) Checkpoint.load(Recorded.file("more/keys.pt")).root();
        ByteBuffer bytes = ByteBuffer.wrap("bytes".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer x = ByteBuffer.wrap(new byte[] {'x'});
        assertEquals(1L, dict.get(bytes));
        assertEquals(2L, dict.get(1.5));
        assertEquals(3L, dict.get(null));
        assertEquals(4L, dict.get(Tuple.of(1L, Tuple.of(x, null))));
        assertEquals(5L, dict.get(new FrozenSet(List.of(1L))));
        assertEquals(6L, dict.get(true));
        assertEquals(7L, dict.get(DType.FLOAT32));
    }

    @Test
    void storagesOfTheOldFormatAreSharedToo() {
        StateDict state = Checkpoint.load(Recorded.file("more/legacy_views.pt")).stateDict();
        assertEquals(Recorded.storageId(state.get("a")), Recorded.storageId(state.get("b")));
        assertNotEquals(Recorded.storageId(state.get("a")), Recorded.storageId(state.get("c")));
    }
}
