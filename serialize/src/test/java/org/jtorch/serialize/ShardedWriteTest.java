package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.Outgoing;
import org.jtorch.serialize.internal.safetensors.SafetensorsWriter;
import org.jtorch.serialize.internal.safetensors.ShardedWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets of safetensors files, laid out and named as Hugging Face's libraries do. */
class ShardedWriteTest {

    @TempDir
    Path folder;

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** 400, 100, 100, 40 and 4 bytes. */
    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("z", Torch.randn(100));
        tensors.put("b", Torch.randn(25));
        tensors.put("a", Torch.randn(25));
        tensors.put("c", Torch.arange(5));
        tensors.put("d", Torch.ones(1));
        return tensors;
    }

    private Path write(Map<String, Tensor> tensors, long max) {
        return Checkpoint.saveSharded(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"), max);
    }

    @Test
    void layout() throws IOException {
        Map<String, Tensor> tensors = tensors();
        Path index = write(tensors, 200);
        assertEquals("model.safetensors.index.json", index.getFileName().toString());
        assertEquals(
                Set.of(
                        "model-00001-of-00003.safetensors",
                        "model-00002-of-00003.safetensors",
                        "model-00003-of-00003.safetensors",
                        "model.safetensors.index.json"),
                names());
        String text = Files.readString(index);
        assertTrue(text.startsWith("{\n  \"metadata\": {\n    \"total_size\": 644\n  },\n  \"weight_map\": {\n"), text);
        assertTrue(text.endsWith("\n  }\n}\n"), text);
        JsonNode places = new ObjectMapper().readTree(text).get("weight_map");
        assertEquals("model-00001-of-00003.safetensors", places.get("z").asText());
        assertEquals("model-00002-of-00003.safetensors", places.get("b").asText());
        assertEquals("model-00002-of-00003.safetensors", places.get("a").asText());
        assertEquals("model-00003-of-00003.safetensors", places.get("c").asText());
        Checkpoint checkpoint = Checkpoint.load(index);
        StateDict state = checkpoint.stateDict();
        assertEquals(tensors.keySet(), state.keySet());
        tensors.forEach((key, tensor) -> assertTrue(tensor.equal(state.get(key)), key));
        assertEquals(Map.of("total_size", "644"), checkpoint.header());
        assertEquals(
                Map.of("format", "pt"),
                Checkpoint.open(folder.resolve("model-00002-of-00003.safetensors"))
                        .header());
        CheckpointInfo info = Checkpoint.open(index);
        assertEquals(644, info.nbytes());
        assertEquals(DType.INT64, info.tensors().get("c").dtype());
    }

    /** Python's plan for the same: the large one is a shard as soon as it is met, and the others go on filling theirs. */
    @Test
    void aLargeTensorAmongSmallOnes() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", Torch.zeros(10));
        tensors.put("large", Torch.zeros(100));
        tensors.put("b", Torch.zeros(10));
        JsonNode places =
                new ObjectMapper().readTree(write(tensors, 100).toFile()).get("weight_map");
        assertEquals("model-00001-of-00002.safetensors", places.get("large").asText());
        assertEquals("model-00002-of-00002.safetensors", places.get("a").asText());
        assertEquals("model-00002-of-00002.safetensors", places.get("b").asText());
    }

    @Test
    void oneFileWhereItFits() throws IOException {
        assertEquals("model.safetensors", write(tensors(), 644).getFileName().toString());
        assertEquals(Set.of("model.safetensors"), names());
        write(Map.of(), 1);
        assertTrue(
                Checkpoint.load(folder.resolve("model.safetensors")).stateDict().isEmpty());
    }

    @Test
    void takesTheOldSetsPlace() throws IOException {
        Files.writeString(folder.resolve("model-notes.txt"), "mine");
        write(tensors(), 50);
        assertEquals(6, names().size());
        Map<String, Tensor> second = tensors();
        Path index = write(second, 500);
        assertEquals(
                Set.of(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "model-notes.txt"),
                names());
        assertTrue(second.get("z").equal(Checkpoint.load(index).stateDict().get("z")));
        write(tensors(), 1000);
        assertEquals(Set.of("model.safetensors", "model-notes.txt"), names());
        write(tensors(), 500);
        assertEquals(4, names().size());
    }

    /** If the new set fails in its last shard, the old set is whole, and no other files are left. */
    @Test
    void failureLeavesTheOldSet() throws IOException {
        Map<String, Tensor> first = tensors();
        Path index = write(first, 200);
        Set<String> before = names();
        Map<String, Tensor> second = tensors();
        Tensor closed = Torch.ones(100);
        second.put("last", closed);
        AssertionError broken = new AssertionError("read while written");
        var outgoing = SafetensorsWriter.outgoing(second);
        outgoing.set(5, new Outgoing("last", DType.FLOAT32, new long[] {100}, sink -> {
            throw broken;
        }));
        assertEquals(
                broken,
                assertThrows(
                        AssertionError.class,
                        () -> ShardedWriter.write(folder.resolve("model.safetensors"), outgoing, Map.of(), 200)));
        assertEquals(before, names());
        StateDict state = Checkpoint.load(index).stateDict();
        first.forEach((key, tensor) -> assertTrue(tensor.equal(state.get(key)), key));
    }

    /** Files of others are not deleted because an index names them. */
    @Test
    void onlyShardsOfThisNameAreDeleted() throws IOException {
        Path other = Files.writeString(folder.resolve("model-other.safetensors"), "mine");
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\": {\"a\": \"model-other.safetensors\", \"b\": \"../x\"}}");
        write(tensors(), 1000);
        assertEquals("mine", Files.readString(other));
        assertTrue(Files.notExists(index));
        Files.writeString(index, "{\"weight");
        CheckpointException e = assertThrows(CheckpointException.class, () -> write(tensors(), 1000));
        assertTrue(e.getMessage().contains("exists already and is not replaced"), e.getMessage());
    }

    @Test
    void refused() {
        Map<String, Tensor> tensors = tensors();
        Path bad = folder.resolve("model.pt");
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.saveSharded(bad, tensors, Map.of(), 9));
        assertThrows(IllegalArgumentException.class, () -> write(tensors, 0));
        CheckpointException missing = assertThrows(
                CheckpointException.class,
                () -> Checkpoint.saveSharded(folder.resolve("no/model.safetensors"), tensors, Map.of(), 9));
        assertTrue(missing.getMessage().contains(" does not exist; create it first"), missing.getMessage());
    }
}
