package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs of bytes under tensors: of files, of memory, and pieces of either. */
class UntypedStorageTest {

    @TempDir
    Path folder;

    private Path floats(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(i);
        }
        return Files.write(folder.resolve("floats"), bytes.array());
    }

    @Test
    void aTensorOverAFile() throws IOException {
        Path file = floats(12);
        try (UntypedStorage storage = UntypedStorage.fromFile(file, 48)) {
            Tensor tensor = storage.tensor(DType.FLOAT32, 2, new long[] {3, 2}, new long[] {1, 4});
            assertArrayEquals(new long[] {3, 2}, tensor.shape());
            assertArrayEquals(new long[] {1, 4}, tensor.strides());
            assertEquals(2, tensor.storageOffset());
            assertEquals(2 + 3 + 4 + 6 + 7 + 8, tensor.sum().item());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "pages are given back on Linux")
    void unloadedPagesAreReadAgain() throws IOException {
        Path file = floats(4);
        try (UntypedStorage storage = UntypedStorage.fromFile(file, 16);
                UntypedStorage piece = storage.slice(4, 8)) {
            Tensor tensor = storage.tensor(DType.FLOAT32, 0, new long[] {4}, new long[] {1});
            tensor.fill_(9);
            piece.unload(0, 4);
            assertArrayEquals(new float[] {0, 1, 2, 3}, tensor.toFloatArray());
            assertThrows(IndexOutOfBoundsException.class, () -> piece.unload(4, 5));
        }
    }

    @Test
    void unloadLeavesMemoryAlone() {
        try (UntypedStorage storage = UntypedStorage.allocate(1 << 20);
                UntypedStorage piece = storage.slice(0, 1 << 19)) {
            Tensor tensor = storage.tensor(DType.UINT8, 0, new long[] {1 << 20}, new long[] {1});
            tensor.fill_(1);
            storage.unload(0, 1 << 20);
            piece.unload(0, 1 << 19);
            assertEquals(1 << 20, tensor.sum().item());
        }
    }

    @Test
    void writesStayInTheProcess() throws IOException {
        Path file = floats(4);
        byte[] before = Files.readAllBytes(file);
        Tensor tensor;
        try (UntypedStorage storage = UntypedStorage.fromFile(file, 16)) {
            tensor = storage.tensor(DType.FLOAT32, 0, new long[] {4}, new long[] {1});
            tensor.fill_(9);
            assertEquals(9, storage.buffer(4, 4).getFloat());
        }
        assertEquals(36, tensor.sum().item());
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void aPieceIsAStorageOfItsOwn() throws IOException {
        try (UntypedStorage whole = UntypedStorage.fromFile(floats(100), 400);
                UntypedStorage one = whole.slice(40, 20);
                UntypedStorage other = whole.slice(80, 20)) {
            Tensor a = one.tensor(DType.FLOAT32, 1, new long[] {2}, new long[] {1});
            Tensor b = one.tensor(DType.INT32, 0, new long[] {5}, new long[] {1});
            Tensor c = other.tensor(DType.FLOAT32, 0, new long[] {5}, new long[] {1});
            assertEquals(11 + 12, a.sum().item());
            assertEquals(20 + 21 + 22 + 23 + 24, c.sum().item());
            assertEquals(20, one.nbytes());
            assertTrue(a.isAliasOf(b));
            assertTrue(!a.isAliasOf(c));
            assertEquals(id(a), id(b));
            assertNotEquals(id(a), id(c));
            assertNotEquals(whole.id(), one.id());
        }
    }

    private static long id(Tensor tensor) {
        try (UntypedStorage storage = UntypedStorage.of(tensor)) {
            return storage.id();
        }
    }

    /** The mapping outlives every object but the last tensor, whichever order they go in, and goes with it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void bytesLiveAsLongAsAnythingOverThem() throws IOException {
        Path file = folder.resolve("large");
        Files.write(file, new byte[64 << 20]);
        for (int round = 0; round < 50; round++) {
            List<Tensor> tensors = new ArrayList<>();
            UntypedStorage whole = UntypedStorage.fromFile(file, 64 << 20);
            for (int i = 0; i < 16; i++) {
                UntypedStorage piece = whole.slice((long) i << 22, 1 << 22);
                tensors.add(piece.tensor(DType.FLOAT32, 0, new long[] {1 << 20}, new long[] {1}));
                piece.close();
            }
            whole.close();
            Tensor last = tensors.remove(round % 16);
            tensors.forEach(Tensor::close);
            try (Tensor element = last.select(0, 5)) {
                assertEquals(0, element.item());
            }
            assertEquals(1, mappings(file));
            last.close();
            assertEquals(0, mappings(file));
        }
    }

    /** How often this process has {@code file} mapped. */
    private static long mappings(Path file) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.endsWith(file.toString())).count();
        }
    }

    @Test
    void beyondWhatAnIntCounts() throws IOException {
        Path file = folder.resolve("sparse");
        long size = (5L << 30) + 40;
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            ByteBuffer end = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(7)
                    .putFloat(8)
                    .flip();
            channel.write(end, size - 8);
            channel.write(ByteBuffer.wrap(new byte[] {42}), 3L << 30);
        }
        try (UntypedStorage storage = UntypedStorage.fromFile(file, size);
                UntypedStorage piece = storage.slice(size - 40, 40)) {
            assertEquals(8, storage.buffer(size - 4, 4).getFloat());
            assertEquals(42, storage.buffer(3L << 30, 1).get());
            assertEquals(1 << 30, storage.buffer(4L << 30, 1 << 30).remaining());
            assertEquals(7, piece.buffer(32, 8).getFloat());
            Tensor tensor = storage.tensor(DType.FLOAT32, size / 4 - 2, new long[] {2}, new long[] {1});
            assertEquals(15, tensor.sum().item());
            assertEquals(
                    15,
                    piece.tensor(DType.FLOAT32, 0, new long[] {10}, new long[] {1})
                            .sum()
                            .item());
        }
    }

    @Test
    void ofATensor() {
        Tensor base = Torch.ones(3, 4);
        try (UntypedStorage storage = UntypedStorage.of(base.t())) {
            assertEquals(48, storage.nbytes());
            assertEquals(Device.CPU, storage.device());
            storage.buffer(0, 4).putFloat(0, 5);
            assertEquals(16, base.sum().item());
        }
        assertThrows(
                TorchException.class,
                () -> UntypedStorage.of(Torch.ones(2).to(DType.COMPLEX64).conj()));
        assertThrows(
                TorchException.class,
                () -> UntypedStorage.of(Torch.zeros(new long[] {2}, TensorOptions.of(Device.META))));
    }

    @Test
    void empty() {
        try (UntypedStorage storage = UntypedStorage.allocate(0);
                UntypedStorage piece = storage.slice(0, 0)) {
            assertEquals(0, piece.buffer(0, 0).remaining());
            assertEquals(
                    0,
                    piece.tensor(DType.FLOAT32, 0, new long[] {0, 3}, new long[] {3, 1})
                            .numel());
        }
    }

    @Test
    void nothingReachesOverTheEnd() {
        UntypedStorage storage = UntypedStorage.allocate(40);
        assertThrows(IndexOutOfBoundsException.class, () -> storage.slice(-1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> storage.slice(38, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> storage.slice(Long.MAX_VALUE, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> storage.buffer(0, 41));
        assertRefused(storage, 0, new long[] {11}, new long[] {1});
        assertRefused(storage, 8, new long[] {3}, new long[] {1});
        assertRefused(storage, -1, new long[] {1}, new long[] {1});
        assertRefused(storage, 0, new long[] {-1}, new long[] {1});
        assertRefused(storage, 9, new long[] {2}, new long[] {-1});
        assertRefused(storage, 0, new long[] {2, 2}, new long[] {1});
        assertRefused(storage, 0, new long[] {1L << 62, 4}, new long[] {4, 1});
        assertEquals(
                10,
                storage.tensor(DType.FLOAT32, 0, new long[] {10}, new long[] {1})
                        .numel());
        storage.close();
        assertThrows(IllegalStateException.class, () -> storage.slice(0, 1));
    }

    private static void assertRefused(UntypedStorage storage, long offset, long[] size, long[] stride) {
        assertThrows(IllegalArgumentException.class, () -> storage.tensor(DType.FLOAT32, offset, size, stride));
    }

    /** Far more than any memory: the system promises none for it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileLargerThanTheMemory() throws IOException {
        long size = 1L << 38;
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
            sparse.seek(size - 4);
            sparse.writeInt(Integer.reverseBytes(7));
        }
        try (UntypedStorage storage = UntypedStorage.fromFile(file, size)) {
            Tensor last = storage.tensor(DType.INT32, size / 4 - 2, new long[] {2}, new long[] {1});
            assertArrayEquals(new int[] {0, 7}, last.toIntArray());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void unreservedPagesArePrivateAndLiveAsLongAsTheirTensors() throws IOException {
        Path file = floats(4);
        byte[] before = Files.readAllBytes(file);
        Tensor tensor;
        Tensor piece;
        try (UntypedStorage storage = UntypedStorage.unreserved(file, 16);
                UntypedStorage slice = storage.slice(8, 8)) {
            tensor = storage.tensor(DType.FLOAT32, 0, new long[] {4}, new long[] {1});
            piece = slice.tensor(DType.FLOAT32, 0, new long[] {2}, new long[] {1});
        }
        tensor.add_(1);
        assertArrayEquals(Arrays.copyOfRange(tensor.toFloatArray(), 2, 4), piece.toFloatArray());
        tensor.close();
        piece.add_(1);
        assertEquals(2, piece.numel());
        piece.close();
        assertArrayEquals(before, Files.readAllBytes(file));
        assertNull(UntypedStorage.unreserved(file, 17));
        assertNull(UntypedStorage.unreserved(folder.resolve("none"), 4));
    }

    @Test
    void badFiles() throws IOException {
        assertThrows(TorchException.class, () -> UntypedStorage.fromFile(folder.resolve("none"), 4));
        assertThrows(TorchException.class, () -> UntypedStorage.fromFile(floats(2), 9));
        assertThrows(IllegalArgumentException.class, () -> UntypedStorage.fromFile(floats(2), 0));
    }

    @Test
    void piecesThatNobodyClosesAreCollected() throws IOException {
        long before = ProcessMemory.resident();
        for (int i = 0; i < 2000; i++) {
            UntypedStorage storage = UntypedStorage.allocate(1 << 20);
            UntypedStorage piece = storage.slice(16, 1 << 19);
            piece.buffer(0, 1 << 19).put(0, (byte) 1).put((1 << 19) - 1, (byte) 2);
            storage.buffer(0, 1 << 20).put((1 << 20) - 1, (byte) 3);
        }
        long grown = ProcessMemory.resident() - before;
        assertTrue(grown < 1L << 30, "the process grew by " + (grown >> 20) + " MiB");
    }

    @Test
    void aBufferKeepsTheMemory() {
        UntypedStorage storage = UntypedStorage.allocate(64);
        ByteBuffer buffer = storage.buffer(8, 16);
        buffer.putLong(0, 42);
        storage.close();
        System.gc();
        assertEquals(42, buffer.getLong(0));
    }

    @Test
    void whatABufferLooksAtCannotBeResized() {
        Tensor x = Torch.ones(4);
        ByteBuffer buffer = x.byteBuffer();
        Operator resize = Operator.find("aten::resize_", "");
        TorchException e = assertThrows(TorchException.class, () -> resize.call(x, new long[] {1 << 20}, null));
        assertTrue(e.getMessage().contains("not resizable"), e.getMessage());
        assertEquals(1f, buffer.getFloat(0));

        UntypedStorage storage = UntypedStorage.of(Torch.ones(4));
        Tensor y = storage.tensor(DType.FLOAT32, 0, new long[] {4}, new long[] {1});
        storage.buffer(0, 16);
        assertThrows(TorchException.class, () -> resize.call(y, new long[] {1 << 20}, null));
    }
}
