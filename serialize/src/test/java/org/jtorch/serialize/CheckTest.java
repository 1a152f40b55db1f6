package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are read to their last byte, and what is wrong with one is said. */
class CheckTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state_dict.pt",
                "state_dict_legacy.pt",
                "recompressed.pt",
                "sparse.pt",
                "torchscript.pt",
                "model.safetensors",
                "training.pt"
            })
    void whole(String name) throws IOException {
        Path file = Recorded.file(name);
        CheckpointReport report = Checkpoint.check(file, o -> {});
        assertEquals(Checkpoint.open(file).tensors().size(), report.tensors());
        assertEquals(Files.size(file), report.bytes());
        assertEquals(0, report.unchecked());
        boolean zip = report.format() == CheckpointFormat.TORCH || report.format() == CheckpointFormat.TORCHSCRIPT;
        assertEquals(zip, report.checksums() > 0);
    }

    @Test
    void shards() throws IOException {
        Path index = Recorded.file("sharded/model.safetensors.index.json");
        assertEquals(3, Checkpoint.check(index, o -> {}).files().size());
        Path copy = folder.resolve("model.safetensors.index.json");
        Files.copy(index, copy);
        CheckpointException missing = assertThrows(CheckpointException.class, () -> Checkpoint.check(copy, o -> {}));
        assertTrue(missing.getMessage().contains("shard model-00001-of-00002.safetensors"), missing.getMessage());
    }

    /** A byte inside of a mapped storage, which loading does not look at. */
    @Test
    void aChangedByte() throws IOException {
        Path file = folder.resolve("a.pt");
        Checkpoint.save(file, Map.of("w", Torch.zeros(1_000_000)));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Tensor loaded = Checkpoint.load(file).stateDict().get("w");
        assertEquals(1_000_000, loaded.numel());
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.check(file, o -> {}));
        assertTrue(e.getMessage().contains("a/data/0' is damaged: its CRC-32"), e.getMessage());
    }

    /** As in PyTorch, bytes after an archive are not part of it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 21, 22, 100, 30_000, 65_535})
    void bytesBehindTheArchive(int count) throws IOException {
        for (String name : new String[] {"state_dict.pt", "recompressed.pt"}) {
            byte[] whole = Files.readAllBytes(Recorded.file(name));
            byte[] longer = Arrays.copyOf(whole, whole.length + count);
            Path zeros = Files.write(folder.resolve("zeros.pt"), longer);
            // with what looks like an end record among them
            Arrays.fill(longer, whole.length, longer.length, (byte) 'P');
            if (count > 22) {
                ByteBuffer.wrap(longer).order(ByteOrder.LITTLE_ENDIAN).putInt(longer.length - 22, 0x06054b50);
            }
            Path others = Files.write(folder.resolve("others.pt"), longer);
            CheckpointReport expected = Checkpoint.check(Recorded.file(name), o -> {});
            for (Path file : new Path[] {zeros, others}) {
                CheckpointReport report = Checkpoint.check(file, o -> {});
                assertEquals(expected.checksums(), report.checksums());
                assertEquals(expected.tensors(), report.tensors());
                assertEquals(longer.length, report.bytes());
            }
        }
        byte[] whole = Files.readAllBytes(Recorded.file("state_dict.pt"));
        Path far = Files.write(folder.resolve("far.pt"), Arrays.copyOf(whole, whole.length + 70_000));
        assertThrows(CheckpointException.class, () -> Checkpoint.check(far, o -> {}));
    }

    /** As torch.distributed.checkpoint writes them. If they have the same size, the last one fits the bytes of the first. */
    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "recompressed.pt"})
    void archivesOneAfterTheOther(String name) throws IOException {
        byte[] first = Files.readAllBytes(Recorded.file(name));
        byte[] other = Files.readAllBytes(Recorded.file("sparse.pt"));
        for (byte[] second : new byte[][] {first, other, Arrays.copyOf(other, 1000)}) {
            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            Path file = Files.write(folder.resolve("two.distcp"), both);
            CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.check(file, o -> {}));
            assertTrue(e.getMessage().contains("contains several zip archives one after the other"), e.getMessage());
            CheckpointException loaded = assertThrows(CheckpointException.class, () -> Checkpoint.load(file));
            assertEquals(e.getMessage(), loaded.getMessage());
        }
    }

    static Stream<Path> hostile() {
        return HostileFilesTest.hostile();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileFilesAreNotSafe(Path file) {
        assertThrows(CheckpointException.class, () -> Checkpoint.check(file, o -> {}));
    }
}
