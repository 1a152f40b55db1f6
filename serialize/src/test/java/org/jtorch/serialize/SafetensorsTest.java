package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The safetensors format, written as its library writes it, with additional checksums in the header. */
class SafetensorsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "dtypes.safetensors"})
    void sameFile(String name) throws IOException {
        Checkpoint checkpoint = Checkpoint.load(Recorded.file(name));
        // in another order, which the layout must not depend on
        Map<String, Tensor> shuffled = new java.util.TreeMap<>(checkpoint.stateDict());
        Path file = folder.resolve(name);
        Checkpoint.saveSafetensors(file, shuffled, checkpoint.header());
        assertArrayEquals(
                Files.readAllBytes(Recorded.file(name)),
                withoutChecksums(Files.readAllBytes(file), !checkpoint.header().isEmpty()));
    }

    /**
     * What the library would have written.
     *
     * @param named whether it was given a text that says the format, or else nothing
     */
    private static byte[] withoutChecksums(byte[] file, boolean named) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int end = 8 + (int) bytes.getLong(0);
        byte[] json = new String(file, 8, end - 8, StandardCharsets.ISO_8859_1)
                .strip()
                .replaceFirst("\"jtorch.crc32\":\"[0-9a-f ]+\",", "")
                .replaceFirst(named ? "^$" : "\"__metadata__\":\\{\"format\":\"pt\"},", "")
                .getBytes(StandardCharsets.ISO_8859_1);
        int length = (json.length + 7) / 8 * 8;
        ByteBuffer shorter = ByteBuffer.allocate(8 + length + file.length - end).order(ByteOrder.LITTLE_ENDIAN);
        shorter.putLong(length).put(json);
        while (shorter.position() < 8 + length) {
            shorter.put((byte) ' ');
        }
        return shorter.put(file, end, file.length - end).array();
    }

    @Test
    void viewsAreWrittenDense() {
        Tensor base = Torch.randn(6, 8);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("turned", base.t());
        tensors.put("row", base.select(0, 3));
        tensors.put("empty", Torch.zeros(0, 5));
        tensors.put("scalar", Torch.ones(new long[0]));
        tensors.put("needs grad", Torch.ones(2).requiresGrad_());
        Path file = folder.resolve("views.safetensors");
        Checkpoint.saveSafetensors(file, tensors);
        StateDict again = Checkpoint.load(file).stateDict();
        tensors.forEach((key, tensor) -> {
            assertArrayEquals(tensor.shape(), again.get(key).shape(), key);
            assertTrue(again.get(key).isContiguous(), key);
            assertEquals(Recorded.sha256(tensor), Recorded.sha256(again.get(key)), key);
        });
        assertEquals(tensors.size(), again.size());
    }

    /** Other writers need not align their tensors. Such tensors are copied. */
    @Test
    void unaligned() throws IOException {
        String header = "{\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
                + "\"f\":{\"shape\":[2],\"more\":{\"x\":[1]},\"dtype\":\"F32\",\"data_offsets\":[3,11]}}";
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 11).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        bytes.put(new byte[] {1, 2, 3}).putFloat(1.5f).putFloat(-2);
        StateDict state = Checkpoint.load(Files.write(folder.resolve("odd.safetensors"), bytes.array()))
                .stateDict();
        assertEquals(6, state.get("b").sum().item());
        assertEquals(-0.5, state.get("f").sum().item());
    }

    @Test
    void namesOfAllKinds() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name :
                new String[] {"", "a\"b\\c", "gr\u00f6\u00dfe", "\ud83d\ude00", "\uffee", "new\nline", "dtype"}) {
            tensors.put(name, Torch.ones(2));
        }
        Path file = folder.resolve("names.safetensors");
        Checkpoint.saveSafetensors(file, tensors, Map.of("key", "gr\u00f6\u00dfe \"quoted\""));
        Checkpoint checkpoint = Checkpoint.load(file);
        assertEquals(tensors.keySet(), checkpoint.stateDict().keySet());
        assertEquals(Map.of("key", "gr\u00f6\u00dfe \"quoted\""), checkpoint.header());
    }

    /** As the format's own library takes it. */
    @Test
    void noMetadata() throws IOException {
        String header = "{\"__metadata__\":null,\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}";
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length() + 1).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        bytes.put((byte) 5);
        Checkpoint checkpoint = Checkpoint.load(Files.write(folder.resolve("null.safetensors"), bytes.array()));
        assertEquals(Map.of(), checkpoint.header());
        assertEquals(5, checkpoint.stateDict().get("b").item());
    }

    /** A header may have 100 MB, and all of it may be one name or one text. */
    @Test
    void longNames() {
        String key = "k".repeat(60_000);
        String longer = "l".repeat(5_000_000);
        Map<String, String> header = Map.of("m".repeat(60_000), "t".repeat(25_000_000));
        Path file = folder.resolve("long.safetensors");
        Checkpoint.saveSafetensors(file, Map.of(key, Torch.ones(2), longer, Torch.zeros(3)), header);
        Checkpoint checkpoint = Checkpoint.load(file);
        assertEquals(java.util.Set.of(key, longer), checkpoint.stateDict().keySet());
        assertEquals(header, checkpoint.header());
        assertEquals(
                java.util.Set.of(key, longer), Checkpoint.open(file).tensors().keySet());
        Checkpoint.check(file, o -> {});
        Path set =
                Checkpoint.saveSharded(folder.resolve("set.safetensors"), checkpoint.stateDict(), Map.of("a", "b"), 10);
        assertEquals(CheckpointFormat.SHARDED, Checkpoint.open(set).format());
        assertEquals(
                java.util.Set.of(key, longer), Checkpoint.load(set).stateDict().keySet());
        Path torch = Checkpoint.convert(file, folder.resolve("long.pt"));
        assertEquals(
                java.util.Set.of(key, longer),
                Checkpoint.load(torch).stateDict().keySet());
    }

    @Test
    void withoutTensors() {
        Path file = folder.resolve("none.safetensors");
        Checkpoint.saveSafetensors(file, Map.of());
        assertTrue(Checkpoint.load(file).stateDict().isEmpty());
    }

    @Test
    void refused() {
        Path file = folder.resolve("refused.safetensors");
        CheckpointException dtype = assertThrows(
                CheckpointException.class,
                () -> Checkpoint.saveSafetensors(
                        file, Map.of("c", Torch.zeros(new long[] {2}, TensorOptions.of(DType.COMPLEX128)))));
        assertTrue(dtype.getMessage().contains("tensor 'c' is of torch.complex128"), dtype.getMessage());
        CheckpointException name = assertThrows(
                CheckpointException.class,
                () -> Checkpoint.saveSafetensors(file, Map.of("__metadata__", Torch.ones(1))));
        assertTrue(name.getMessage().contains("rename it"), name.getMessage());
        assertTrue(Files.notExists(file));
    }
}
