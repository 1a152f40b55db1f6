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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A single changed bit is found on loading, on conversion, and by a check. */
class VerifyTest {

    @TempDir
    Path folder;

    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("first", Torch.arange(0, 300));
        tensors.put("second", Torch.linspace(-1, 1, 500));
        tensors.put("empty", Torch.zeros(0, 2));
        return tensors;
    }

    private Path write(String name) {
        Path file = folder.resolve(name);
        if (name.endsWith(".safetensors")) {
            Checkpoint.saveSafetensors(file, tensors(), Map.of("of", "test"));
        } else {
            Checkpoint.save(file, tensors());
        }
        return file;
    }

    private static void flip(Path file, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        Files.write(file, bytes);
    }

    /** Where the second tensor's values are. */
    private static int placeOfTheSecond(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] values = new byte[8];
        ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).putFloat(-1f).putFloat(-1f + 2f / 499);
        for (int at = 0; at < bytes.length - 8; at++) {
            if (java.util.Arrays.equals(bytes, at, at + 4, values, 0, 4) && at % 4 == 0) {
                return at;
            }
        }
        throw new IllegalStateException("the tensor is not there");
    }

    @ParameterizedTest
    @CsvSource({"a.pt, true", "a.pt, false", "a.safetensors, true", "a.safetensors, false"})
    void aFlippedBitOfATensor(String name, boolean mmap) throws IOException {
        Path file = write(name);
        for (Map.Entry<String, Tensor> entry : tensors().entrySet()) {
            Tensor loaded = Checkpoint.load(file, o -> o.mmap(mmap).verify(true))
                    .stateDict()
                    .get(entry.getKey());
            assertTrue(loaded.equal(entry.getValue()), entry.getKey());
        }
        assertTrue(Checkpoint.check(file, o -> {}).checksums() > 2);
        Path target = folder.resolve("converted." + (name.endsWith("t") ? "safetensors" : "pt"));
        Checkpoint.convert(file, target);
        Checkpoint.load(target, o -> o.verify(true));
        Files.delete(target);

        flip(file, placeOfTheSecond(file) * 8 + 100 * 8 + 5);
        assertEquals(3, Checkpoint.load(file, o -> o.mmap(mmap)).stateDict().size());
        for (CheckpointException e : List.of(
                assertThrows(
                        CheckpointException.class,
                        () -> Checkpoint.load(file, o -> o.mmap(mmap).verify(true))),
                assertThrows(CheckpointException.class, () -> Checkpoint.check(file, o -> {})),
                assertThrows(CheckpointException.class, () -> Checkpoint.convert(file, target)))) {
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            assertTrue(e.getMessage().contains("damaged: its CRC-32 is"), e.getMessage());
        }
        assertTrue(Files.notExists(target));
        // the others are right
        assertEquals(
                300,
                Checkpoint.load(file, o -> o.verify(true).keys("first"::equals))
                        .stateDict()
                        .get("first")
                        .numel());
        Checkpoint.convert(file, target, o -> o.verify(false));
        assertEquals(3, Checkpoint.load(target).stateDict().size());
    }

    /** Whichever bit it is, of the header or of a tensor. */
    @ParameterizedTest
    @ValueSource(strings = {"a.pt", "a.safetensors"})
    void anyFlippedBit(String name) throws IOException {
        Path file = write(name);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        int unnoticed = 0;
        for (int i = 0; i < 300; i++) {
            Files.write(file, whole);
            // but for the key of the checksums themselves, without which there are none
            int bit = random.nextInt(whole.length * 8);
            flip(file, bit / 8 >= 8 && bit / 8 < 41 ? 0 : bit);
            try {
                Checkpoint.check(file, o -> {});
                unnoticed++;
            } catch (CheckpointException e) {
                assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
            }
        }
        // a zip has bytes that are not used: padding, and copies of what its directory contains
        assertTrue(name.endsWith(".pt") ? unnoticed < 200 : unnoticed == 0, unnoticed + " of 300");
    }

    @Test
    void shardsHaveThemToo() throws IOException {
        Path index = Checkpoint.saveSharded(folder.resolve("m.safetensors"), tensors(), Map.of(), 2500);
        CheckpointReport report = Checkpoint.check(index, o -> {});
        assertEquals(3, report.files().size());
        assertEquals(2 + 3, report.checksums(), "two headers and three tensors");
        Checkpoint.load(index, o -> o.verify(true));
        Path shard = folder.resolve("m-00002-of-00002.safetensors");
        flip(shard, (int) Files.size(shard) * 8 - 4);
        assertThrows(CheckpointException.class, () -> Checkpoint.load(index, o -> o.verify(true)));
        assertThrows(CheckpointException.class, () -> Checkpoint.check(index, o -> {}));
    }

    /** The layout that docs/checkpoints.md describes, read without this project's reader. */
    @Test
    void anyoneCanCompareThem() throws IOException {
        byte[] file = Files.readAllBytes(write("a.safetensors"));
        int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        String json = new String(file, 8, length, StandardCharsets.UTF_8);
        String beginning = "{\"__metadata__\":{\"jtorch.crc32\":\"";
        assertTrue(json.startsWith(beginning), json);
        String[] numbers = json.substring(beginning.length(), json.indexOf('"', beginning.length()))
                .split(" ");
        assertEquals(4, numbers.length);
        String value = String.join(" ", numbers);
        CRC32 header = new CRC32();
        header.update(json.replace(value, value.replaceAll("[0-9a-f]", "0")).getBytes(StandardCharsets.UTF_8));
        assertEquals(header.getValue(), Long.parseLong(numbers[0], 16));
        CRC32 first = new CRC32();
        // int64 comes first
        first.update(file, 8 + length, 300 * 8);
        assertEquals(first.getValue(), Long.parseLong(numbers[1], 16));
    }

    @Test
    void theyAreNotPartOfTheText() throws IOException {
        Path file = write("a.safetensors");
        assertEquals(Map.of("of", "test"), Checkpoint.load(file).header());
        assertEquals(Map.of("of", "test"), Checkpoint.open(file).header());
        // and what a caller calls so does not get in their way
        Checkpoint.saveSafetensors(file, tensors(), Map.of("jtorch.crc32", "mine"));
        assertEquals(
                Map.of("format", "pt"),
                Checkpoint.load(file, o -> o.verify(true)).header());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "state_dict_legacy.pt"})
    void filesWithoutChecksumsSaySo(String name) {
        Path file = Recorded.file(name);
        CheckpointException e =
                assertThrows(CheckpointException.class, () -> Checkpoint.load(file, o -> o.verify(true)));
        assertTrue(e.getMessage().contains("has no checksum to verify"), e.getMessage());
    }

    /** What PyTorch writes has checksums. */
    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "recompressed.pt", "torchscript.pt", "sparse.pt"})
    void filesOfPyTorch(String name) {
        Path file = Recorded.file(name);
        Object plain = Checkpoint.load(file).root();
        assertEquals(plain == null, Checkpoint.load(file, o -> o.verify(true)).root() == null);
    }

    /**
     * A file that another program has changed without changing the header's text is distinguished from damage as far as
     * possible.
     */
    @Test
    void checksumsOfAnotherFile() throws IOException {
        Path file = write("a.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        String json = new String(bytes, StandardCharsets.ISO_8859_1);
        Files.write(file, json.replace("\"second\"", "\"others\"").getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(3, Checkpoint.load(file).stateDict().size());
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.check(file, o -> {}));
        assertTrue(e.getMessage().contains("another program has changed the file"), e.getMessage());
    }

    @Test
    void theSameBytesWhereverTheyAreRead() throws IOException {
        Path file = write("a.pt");
        Object[] loaded = {
            Checkpoint.load(file).stateDict().get("second"),
            Checkpoint.load(file, o -> o.mmap(true)).stateDict().get("second"),
            Checkpoint.load(file, o -> o.mmap(false)).stateDict().get("second"),
            Checkpoint.load(file, o -> o.keys("second"::equals)).stateDict().get("second"),
            Checkpoint.load(ByteBuffer.wrap(Files.readAllBytes(file)), o -> o.verify(true))
                    .stateDict()
                    .get("second")
        };
        for (Object each : loaded) {
            assertArrayEquals(tensors().get("second").toDoubleArray(), ((Tensor) each).toDoubleArray());
        }
    }
}
