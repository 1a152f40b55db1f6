package org.jtorch.distributed.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointReport;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that PyTorch wrote with 1 to 4 processes are read as PyTorch reads them. */
class RecordedFoldersTest {

    static final Path FOLDERS = Path.of("src/test/resources/dcp");

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"single", "two", "fsdp", "grid"})
    void everything(String name) {
        Object expected = Checkpoint.load(FOLDERS.resolve(name + ".pt")).root();
        Checkpoint read = DistributedCheckpoint.load(FOLDERS.resolve(name), o -> o.verify(true));
        assertEquals(CheckpointFormat.DISTRIBUTED, read.format());
        assertSame("", expected, read.root());
        assertSame(
                "",
                expected,
                Checkpoint.load(FOLDERS.resolve(name), o -> o.mmap(true)).root());
        assertSame(
                "",
                expected,
                Checkpoint.load(FOLDERS.resolve(name), o -> o.mmap(false)).root());
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "two", "fsdp", "grid"})
    void listedAndChecked(String name) throws IOException {
        Path folder = FOLDERS.resolve(name);
        CheckpointReport report = Checkpoint.check(folder, o -> {});
        assertEquals(0, report.unchecked());
        assertEquals(
                Checkpoint.open(folder).tensors().keySet(),
                DistributedCheckpoint.load(folder).tensors().keySet());
        try (java.util.stream.Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    files.sorted().toList(), report.files().stream().sorted().toList());
        }
    }

    @Test
    void convertedToOneFile() {
        Path file = scratch.resolve("whole.pt");
        Checkpoint.convert(FOLDERS.resolve("fsdp"), file);
        assertSame(
                "",
                Checkpoint.load(FOLDERS.resolve("fsdp.pt")).root(),
                Checkpoint.load(file).root());
    }

    @Test
    void aStateDictOfFsdp() {
        Checkpoint read = DistributedCheckpoint.load(FOLDERS.resolve("fsdp"));
        assertEquals(
                List.of("0.weight", "0.bias", "2.weight", "2.bias"),
                List.copyOf(read.at("model").stateDict().keySet()));
        assertEquals(0.01, read.getDouble("optim.param_groups.0.lr"));
    }

    /** Only the wanted tensors are read: the files of the others may be missing. */
    @Test
    void onlySomeKeys() throws IOException {
        Path folder = copy("two");
        Files.delete(folder.resolve("__1_0.distcp"));
        Files.delete(folder.resolve("__1_1.distcp"));
        CheckpointException missing = assertThrows(CheckpointException.class, () -> DistributedCheckpoint.load(folder));
        assertTrue(missing.getMessage().contains("' in __1_"), missing.getMessage());
        assertTrue(missing.getMessage().contains("no such file"), missing.getMessage());
        Tensor rows = Torch.zeros(2, 3);
        DistributedCheckpoint.loadInto(folder, Map.of("rows", Shard.ofRows(rows, 1, 5)));
        assertArrayEquals(
                new float[] {-1.5f, -1, -0.5f, 0, 0.5f, 1}, rows.view(-1).toFloatArray());
        Tensor copied = Torch.zeros(2, 2);
        CheckpointException whole = assertThrows(
                CheckpointException.class,
                () -> DistributedCheckpoint.loadInto(
                        folder, Map.of("copies", copied, "rows", Shard.ofRows(rows, 2, 5))));
        assertTrue(whole.getMessage().contains("' in __1_"), whole.getMessage());
        // nothing was changed
        assertEquals(0, copied.sum().item());
        assertEquals(-1.5f, rows.view(-1).toFloatArray()[0]);
    }

    /** Parts that are split in other ways than they were saved. */
    @Test
    void otherParts() {
        Tensor tile = Torch.zeros(2, 4);
        Tensor row = Torch.zeros(1, 2);
        Tensor halves = Torch.zeros(9, 1).to(DType.FLOAT64);
        assertEquals(
                Set.of("half"),
                DistributedCheckpoint.load(FOLDERS.resolve("grid"), o -> o.keys("half"::equals))
                        .tensors()
                        .keySet());
        Map<String, Object> wanted = Map.of(
                "tiles", new Shard(tile, Size.of(2, 2), Size.of(5, 7)),
                "half", Shard.ofRows(row, 3, 4),
                "both", new Shard(halves, Size.of(0, 1), Size.of(9, 2)));
        Map<String, @Nullable Object> loaded = DistributedCheckpoint.loadInto(FOLDERS.resolve("grid"), wanted);
        assertTrue(loaded.get("tiles") instanceof Shard part && part.tensor() == tile);
        assertArrayEquals(
                new float[] {5, 5.5f, 6, 6.5f, 8.5f, 9, 9.5f, 10}, tile.view(-1).toFloatArray());
        assertArrayEquals(new float[] {0, 0.5f}, row.view(-1).toFloatArray());
        assertEquals(5.5, halves.select(0, 8).item());
    }

    @Test
    void intoAModelsTensors() {
        Tensor weight = Torch.zeros(3, 4);
        Tensor half = Torch.zeros(5);
        Map<String, @Nullable Object> state = new HashMap<>();
        state.put("model", Map.of("weight", weight, "bf16", half));
        state.put("epoch", 0L);
        state.put("plain", List.of());
        Map<String, @Nullable Object> loaded = DistributedCheckpoint.loadInto(FOLDERS.resolve("single"), state);
        assertEquals(1L << 40, loaded.get("epoch"));
        assertEquals(List.of(1L, 2L, List.of(3L, "x")), loaded.get("plain"));
        assertTrue(((Map<?, ?>) Objects.requireNonNull(loaded.get("model"))).get("weight") == weight);
        assertArrayEquals(new float[] {-3, -2.5f, -2, -1.5f, -1}, half.toFloatArray());
        assertEquals(2.5, weight.select(0, 2).select(0, 3).item());
        CheckpointException shape = assertThrows(
                CheckpointException.class,
                () -> DistributedCheckpoint.loadInto(
                        FOLDERS.resolve("single"), Map.of("model", Map.of("weight", Torch.zeros(4, 3)))));
        assertTrue(shape.getMessage()
                .endsWith("'model.weight' has shape [3, 4] in the checkpoint, and [4, 3] in the state"));
        CheckpointException key = assertThrows(
                CheckpointException.class,
                () -> DistributedCheckpoint.loadInto(FOLDERS.resolve("single"), Map.of("epch", 1L)));
        assertTrue(key.getMessage().contains("has no 'epch'"), key.getMessage());
        CheckpointException kind = assertThrows(
                CheckpointException.class,
                () -> DistributedCheckpoint.loadInto(FOLDERS.resolve("single"), Map.of("epoch", weight)));
        assertTrue(kind.getMessage().contains("is another value in the checkpoint"), kind.getMessage());
    }

    @Test
    void notAFolderOfCheckpoints() {
        CheckpointException e = assertThrows(CheckpointException.class, () -> DistributedCheckpoint.load(scratch));
        assertTrue(e.getMessage().contains("has a file .metadata"), e.getMessage());
        assertThrows(
                CheckpointException.class,
                () -> DistributedCheckpoint.loadInto(FOLDERS.resolve("single.pt"), Map.of()));
    }

    private Path copy(String name) throws IOException {
        Path folder = Files.createDirectory(scratch.resolve(name));
        try (java.util.stream.Stream<Path> files = Files.list(FOLDERS.resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return folder;
    }

    /** Compares values, of tensors also their dtypes and shapes. */
    static void assertSame(String path, @Nullable Object expected, @Nullable Object actual) {
        if (expected instanceof Map<?, ?> map) {
            Map<?, ?> other = (Map<?, ?>) Objects.requireNonNull(actual, path);
            assertEquals(map.keySet(), other.keySet(), path);
            map.forEach((key, value) -> assertSame(path + "." + key, value, other.get(key)));
        } else if (expected instanceof List<?> || expected instanceof Tuple) {
            assertEquals(expected instanceof Tuple, actual instanceof Tuple, path);
            List<?> values = expected instanceof Tuple tuple ? tuple.values() : (List<?>) expected;
            List<?> others = actual instanceof Tuple tuple ? tuple.values() : (List<?>) Objects.requireNonNull(actual);
            assertEquals(values.size(), others.size(), path);
            for (int i = 0; i < values.size(); i++) {
                assertSame(path + "." + i, values.get(i), others.get(i));
            }
        } else if (expected instanceof Tensor tensor) {
            Tensor other = (Tensor) Objects.requireNonNull(actual, path);
            assertEquals(tensor.dtype(), other.dtype(), path);
            assertArrayEquals(tensor.shape(), other.shape(), path);
            assertFalse(other.requiresGrad(), path);
            assertArrayEquals(bytes(tensor), bytes(other), path);
        } else if (expected instanceof byte[] bytes) {
            assertArrayEquals(bytes, (byte[]) actual, path);
        } else {
            assertEquals(expected, actual, path);
        }
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.detach()
                .resolveConj()
                .contiguous()
                .view(-1)
                .view(DType.UINT8)
                .toByteArray();
    }
}
