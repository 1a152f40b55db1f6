package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.UntypedStorage;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.internal.pickle.Pickler;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.StorageSource;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.torch.TensorInfoPickling;
import org.jtorch.serialize.internal.torch.TorchWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose sizes, offsets and number of entries do not fit in the zip format's old fields, and need zip64. */
class BeyondFourGibibytesTest {

    private static final long ROOM = 6L << 30;

    /** Elements of a tensor of 4 GiB and 4 MiB. */
    private static final long NUMEL = (1L << 30) + (1 << 20);

    /** More of them than 16 bits count. */
    private static final int SMALL = 66_000;

    @TempDir
    static Path folder;

    private static Path sparse = Path.of("");

    @BeforeAll
    static void write() throws IOException {
        long usable = Files.getFileStore(folder).getUsableSpace();
        assumeTrue(usable > ROOM, "there are " + (usable >> 20) + " MiB free in " + folder + ", but 6 GiB are needed");
        sparse = sparse();
    }

    // --- of what is written, the zeros are left out ------------------------------------------------------------

    private static StoredTensor info(int storage, long numel) {
        StorageSource none = new StorageSource() {
            @Override
            public void check(FileStorage checked) {
                throw new AssertionError("what is written is not read");
            }

            @Override
            public UntypedStorage open(FileStorage opened, DType dtype, boolean mapped) {
                throw new AssertionError("what is written is not read");
            }
        };
        return StoredTensor.strided(
                new FileStorage(none, String.valueOf(storage), numel * 4, "cpu"),
                DType.FLOAT32,
                0,
                new long[] {numel},
                new long[] {1},
                StoredTensor.Traits.NONE);
    }

    /** A tensor of zeros with a 7 at its end, then many of one element, their number. */
    private static Path sparse() throws IOException {
        Map<String, Object> value = new LinkedHashMap<>();
        List<TorchWriter.Stored> storages = new ArrayList<>();
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        ByteBuffer last = ByteBuffer.allocateDirect(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        last.putFloat((1 << 20) - 4, 7);
        value.put("large", info(0, NUMEL));
        storages.add(new TorchWriter.Stored(
                NUMEL * 4, (offset, length) -> (offset + length == NUMEL * 4 ? last : zeros).slice(0, length)));
        for (int i = 0; i < SMALL; i++) {
            int number = i;
            value.put("small." + i, info(1 + i, 1));
            storages.add(new TorchWriter.Stored(4, (offset, length) -> ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(0, number)));
        }
        Path file = folder.resolve("beyond.pt");
        try (SparseFile channel = new SparseFile(file);
                TensorInfoPickling pickling = new TensorInfoPickling(true, dtype -> dtype, key -> {})) {
            TorchWriter.write(channel, "beyond", Pickler.dump(value, pickling), storages);
        }
        return file;
    }

    @Test
    void readsBack() throws IOException {
        assertTrue(Files.size(sparse) > NUMEL * 4);
        CheckpointInfo info = Checkpoint.open(sparse);
        assertEquals(SMALL + 1, info.tensors().size());
        StateDict state = Checkpoint.load(sparse).stateDict();
        Tensor large = state.get("large");
        assertArrayEquals(new long[] {NUMEL}, large.shape());
        assertEquals(7, large.narrow(0, NUMEL - 1000, 1000).sum().item());
        for (int i = 0; i < SMALL; i += 1000) {
            assertEquals(i, state.get("small." + i).item());
        }
    }

    /** Java's own reader, which is not ours, finds the same: zip64 sizes, offsets and number of entries. */
    @Test
    void anotherReader() throws IOException {
        try (ZipFile zip = new ZipFile(sparse.toFile())) {
            // the pickle and five short texts
            assertEquals(SMALL + 1 + 6, zip.size());
            ZipEntry large = zip.getEntry("beyond/data/0");
            assertEquals(NUMEL * 4, large.getSize());
            try (InputStream content = zip.getInputStream(large)) {
                content.skipNBytes(NUMEL * 4 - 4);
                assertArrayEquals(new byte[] {0, 0, (byte) 0xe0, 0x40}, content.readAllBytes());
            }
            for (int i = 1; i <= SMALL; i += 1000) {
                ZipEntry entry = zip.getEntry("beyond/data/" + i);
                byte[] content = zip.getInputStream(entry).readAllBytes();
                assertEquals(
                        i - 1,
                        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getFloat());
                CRC32 crc = new CRC32();
                crc.update(content);
                assertEquals(entry.getCrc(), crc.getValue());
            }
        }
    }

    // --- nothing is left out -----------------------------------------------------------------------------------

    /**
     * A tensor of more than 4 GiB, saved, checked, loaded and converted; itself a mapped file, for it need not be in
     * memory.
     */
    @Test
    @Tag("soak")
    void aWholeOne() throws IOException {
        Path source = folder.resolve("source");
        try (FileChannel channel = FileChannel.open(
                source, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(new byte[] {0, 0, (byte) 0xe0, 0x40}), NUMEL * 4 - 4);
        }
        Path file = folder.resolve("whole.pt");
        try (UntypedStorage storage = UntypedStorage.fromFile(source, NUMEL * 4)) {
            Tensor large = storage.tensor(DType.FLOAT32, 0, new long[] {1 << 20, 1025}, new long[] {1025, 1});
            Checkpoint.save(file, Map.of("large", large, "small", Torch.arange(5)));
        }
        CheckpointReport report = Checkpoint.check(file, o -> {});
        assertEquals(Files.size(file), report.bytes());
        assertEquals(0, report.unchecked());
        assertWhole(file);
        Path safetensors = folder.resolve("whole.safetensors");
        Files.delete(source);
        Checkpoint.convert(file, safetensors);
        Files.delete(file);
        assertWhole(safetensors);
    }

    private static void assertWhole(Path file) {
        StateDict state = Checkpoint.load(file).stateDict();
        try (Tensor large = state.get("large")) {
            assertArrayEquals(new long[] {1 << 20, 1025}, large.shape());
            assertEquals(7, large.select(0, -1).sum().item());
            assertEquals(7, large.select(1, 1024).sum().item());
        }
        assertEquals(10, state.get("small").sum().itemLong());
    }
}
