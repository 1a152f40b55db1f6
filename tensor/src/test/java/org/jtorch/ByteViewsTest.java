package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteViewsTest {

    @TempDir
    Path folder;

    private Path file(int bytes) throws IOException {
        Path file = folder.resolve("weights é.bin");
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) i;
        }
        return Files.write(file, content);
    }

    @Test
    void mapsAFile() throws IOException {
        Path file = file(300);
        Tensor bytes = Torch.mapFile(file);
        assertEquals(DType.UINT8, bytes.dtype());
        assertEquals(300, bytes.numel());
        assertEquals(299 % 256, bytes.select(0, 299).itemLong());
        assertEquals(10, Torch.mapFile(file, 10).numel());
        assertEquals(0, Torch.mapFile(file, 0).numel());
        bytes.fill_(0);
        assertEquals(5, Files.readAllBytes(file)[5], "writing stays private");
        assertThrows(IllegalArgumentException.class, () -> Torch.mapFile(file, 301));
        assertThrows(IllegalArgumentException.class, () -> Torch.mapFile(file, -1));
        assertThrows(UncheckedIOException.class, () -> Torch.mapFile(folder.resolve("none")));
        assertEquals(0, Torch.mapFile(Files.createFile(folder.resolve("empty"))).numel());
    }

    @Test
    void typedViewsShareTheMemory() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 16; i++) {
            content.putFloat(i);
        }
        Path file = Files.write(folder.resolve("f"), content.array());
        Tensor bytes = Torch.mapFile(file);
        Tensor x = bytes.viewBytes(DType.FLOAT32, 8, 2, 3);
        assertArrayEquals(new float[] {2, 3, 4, 5, 6, 7}, x.toFloatArray());
        assertTrue(x.isAliasOf(bytes));
        Tensor transposed = bytes.viewBytes(DType.FLOAT32, 0, new long[] {2, 3}, new long[] {1, 2});
        assertArrayEquals(new float[] {0, 2, 4, 1, 3, 5}, transposed.toFloatArray());
        assertArrayEquals(new long[] {1, 2}, transposed.strides());
        Tensor scalar = bytes.viewBytes(DType.FLOAT32, 60);
        assertEquals(0, scalar.dim());
        assertEquals(15, scalar.item());
        bytes.close();
        assertEquals(15, scalar.item(), "the view holds the mapping");
        scalar.fill_(3);
        assertEquals(3, scalar.item());
    }

    @Test
    void viewsOfViewsCountFromTheirOwnStart() {
        Tensor bytes = Torch.arange(32).to(DType.UINT8).narrow(0, 8, 16);
        assertArrayEquals(
                new byte[] {10, 11}, bytes.viewBytes(DType.UINT8, 2, 2).toByteArray());
        assertEquals(0x0f0e0d0c, bytes.viewBytes(DType.INT32, 4).itemLong());
        assertThrows(IndexOutOfBoundsException.class, () -> bytes.viewBytes(DType.INT32, 0, 5));
    }

    @Test
    void misalignedElementsAreCopied() {
        Tensor bytes = Torch.arange(16).to(DType.UINT8);
        Tensor x = bytes.viewBytes(DType.INT16, 1, 2, 2);
        assertArrayEquals(new int[] {0x0201, 0x0403, 0x0605, 0x0807}, x.toIntArray());
        assertFalse(x.isAliasOf(bytes));
        assertEquals(0, bytes.viewBytes(DType.INT64, 3, 0).numel());
    }

    @Test
    void emptyViewsAndBounds() {
        Tensor bytes = Torch.arange(16).to(DType.UINT8);
        assertArrayEquals(
                new long[] {0, 3}, bytes.viewBytes(DType.FLOAT64, 16, 0, 3).shape());
        assertArrayEquals(
                new long[] {2, 0},
                bytes.viewBytes(DType.FLOAT64, 0, new long[] {2, 0}, new long[] {9, 9})
                        .shape());
        var e = assertThrows(IndexOutOfBoundsException.class, () -> bytes.viewBytes(DType.FLOAT32, 4, 4));
        assertEquals(
                "shape [4] with strides [1] of torch.float32 at byte 4 covers 4 elements of 4 bytes, but the tensor has 16"
                        + " bytes",
                e.getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> bytes.viewBytes(DType.FLOAT32, 17, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> bytes.viewBytes(DType.FLOAT32, -4, 1));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> bytes.viewBytes(DType.FLOAT32, 0, new long[] {2}, new long[] {1L << 40}));
        assertThrows(
                IllegalArgumentException.class,
                () -> bytes.viewBytes(DType.FLOAT32, 0, new long[] {1L << 40, 3}, new long[] {1L << 40, 1}));
        assertThrows(
                IllegalArgumentException.class,
                () -> bytes.viewBytes(DType.FLOAT32, 0, new long[] {2}, new long[] {-1}));
        assertThrows(
                IllegalArgumentException.class, () -> bytes.viewBytes(DType.FLOAT32, 0, new long[] {2}, new long[0]));
        assertThrows(IllegalArgumentException.class, () -> Torch.zeros(new long[] {4})
                .viewBytes(DType.INT8, 0, 4));
    }

    @Test
    void manyViewsAreCheap() {
        Tensor bytes = Torch.zeros(new long[] {1 << 20}, TensorOptions.of(DType.UINT8));
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 8; round++) {
            long start = System.nanoTime();
            try (var scope = new TensorScope()) {
                for (int i = 0; i < 20_000; i++) {
                    bytes.viewBytes(DType.FLOAT32, 64 + 4L * i, 16, 16);
                }
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        double micros = best / 20_000 / 1e3;
        // about 1.3 us on an idle core; the limit leaves room for a busy one
        assertTrue(micros < 20, "a view took " + micros + " us");
    }
}
