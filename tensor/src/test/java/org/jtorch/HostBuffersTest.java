package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.junit.jupiter.api.Test;

class HostBuffersTest {

    @Test
    void copiesIntoBuffersOfEveryKind() {
        Tensor x = Torch.tensor(new float[] {1, 2, 3});
        FloatBuffer floats = FloatBuffer.allocate(4);
        x.copyTo(floats);
        assertEquals(3, floats.position());
        assertEquals(2f, floats.get(1));
        DoubleBuffer doubles = DoubleBuffer.allocate(3);
        x.copyTo(doubles);
        assertArrayEquals(new double[] {1, 2, 3}, doubles.array());
        LongBuffer longs = LongBuffer.allocate(3);
        x.copyTo(longs);
        assertArrayEquals(new long[] {1, 2, 3}, longs.array());
        IntBuffer ints = ByteBuffer.allocateDirect(12).asIntBuffer();
        x.copyTo(ints);
        assertEquals(3, ints.get(2));
        ShortBuffer shorts = ShortBuffer.allocate(3);
        x.copyTo(shorts);
        assertArrayEquals(new short[] {1, 2, 3}, shorts.array());
        assertThrows(IllegalArgumentException.class, () -> x.copyTo(FloatBuffer.allocate(2)));
    }

    @Test
    void bytesFollowTheBuffersOrder() {
        Tensor x = Torch.tensor(new int[] {1, 0x01020304});
        ByteBuffer big = ByteBuffer.allocate(9);
        big.put((byte) 9);
        x.copyTo(big);
        assertArrayEquals(new byte[] {9, 0, 0, 0, 1, 1, 2, 3, 4}, big.array());
        ByteBuffer little = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        x.copyTo(little);
        assertArrayEquals(new byte[] {1, 0, 0, 0, 4, 3, 2, 1}, little.array());
        assertThrows(IllegalArgumentException.class, () -> x.copyTo(ByteBuffer.allocate(7)));
    }

    @Test
    void readsBuffersInTheirOrder() {
        ByteBuffer big = ByteBuffer.allocate(20)
                .putInt(7)
                .putFloat(1.5f)
                .putFloat(-2f)
                .putDouble(4.25)
                .flip();
        assertEquals(7, Torch.fromBuffer(big, DType.INT32).itemLong());
        Tensor floats = Torch.fromBuffer(big, DType.FLOAT32, 2, 1);
        assertArrayEquals(new float[] {1.5f, -2f}, floats.toFloatArray());
        assertArrayEquals(new long[] {2, 1}, floats.shape());
        assertEquals(4.25, Torch.fromBuffer(big, DType.FLOAT64, 1).item());
        assertEquals(0, big.remaining());
        assertThrows(IllegalArgumentException.class, () -> Torch.fromBuffer(big, DType.INT8, 1));
        ByteBuffer little =
                ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN).putShort(0, (short) 0x3FC0);
        assertEquals(1.5, Torch.fromBuffer(little, DType.BFLOAT16, 1).item());
        assertArrayEquals(
                new long[] {0, 4}, Torch.fromBuffer(little, DType.INT64, 0, 4).shape());
    }

    @Test
    void complexElementsAreTurnedByComponent() {
        ByteBuffer big = ByteBuffer.allocate(8).putFloat(1).putFloat(2).flip();
        Tensor z = Torch.fromBuffer(big, DType.COMPLEX64, 1);
        ByteBuffer back = ByteBuffer.allocate(8);
        z.copyTo(back);
        assertEquals(2f, back.getFloat(4));
        assertThrows(TorchException.class, z::toFloatArray);
    }

    @Test
    void aBufferIsTheTensorsOwnMemory() {
        Tensor x = Torch.tensor(new float[] {1, 2, 3, 4}, 2, 2);
        ByteBuffer buffer = x.byteBuffer();
        assertEquals(16, buffer.capacity());
        assertEquals(ByteOrder.nativeOrder(), buffer.order());
        buffer.putFloat(4, 20f);
        assertEquals(20, x.select(0, 0).select(0, 1).item());
        assertEquals(4f, x.byteBuffer(12, 4).getFloat());
        assertEquals(3f, x.select(0, 1).byteBuffer().getFloat(0));
        assertEquals(0, x.narrow(0, 0, 0).byteBuffer().capacity());
        assertThrows(TorchException.class, () -> x.t().byteBuffer());
        assertThrows(IndexOutOfBoundsException.class, () -> x.byteBuffer(12, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> x.byteBuffer(-1, 5));
    }

    @Test
    void piecesReachBeyondTwoGibibytes() {
        long size = 5L << 30; // reserved, but touched in two pages only
        try (Tensor x = Torch.empty(new long[] {size}, DType.UINT8)) {
            assertThrows(IllegalArgumentException.class, x::byteBuffer);
            assertThrows(IllegalArgumentException.class, x::toByteArray);
            ByteBuffer end = x.byteBuffer(size - 16, 16);
            assertEquals(16, end.remaining());
            end.putInt(0, 77).putInt(12, 78);
            assertEquals(77, x.byteBuffer(size - 16, 4).getInt());
            assertEquals(78, x.viewBytes(DType.INT32, size - 4).itemLong());
            assertEquals(77, x.narrow(0, size - 16, 1).itemLong());
            assertThrows(IndexOutOfBoundsException.class, () -> x.byteBuffer(size - 3, 4));
        }
    }

    @Test
    void aBufferOutlivesItsTensor() throws InterruptedException {
        ByteBuffer slice;
        try (Tensor x = Torch.full(new long[] {1 << 20}, 7, TensorOptions.of(DType.FLOAT32))) {
            slice = x.byteBuffer().slice(1024, 16).order(ByteOrder.nativeOrder());
        }
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(5);
            try (Tensor other = Torch.zeros(new long[] {1 << 20})) {
                assertEquals(0, other.sum().item());
            }
        }
        assertEquals(7f, slice.getFloat(0));
    }

    @Test
    void addressesTellSharedMemory() {
        Tensor x = Torch.zeros(new long[] {4});
        assertEquals(x.dataPtr(), x.view(2, 2).dataPtr());
        assertEquals(x.dataPtr() + 4, x.narrow(0, 1, 1).dataPtr());
        assertNotEquals(x.dataPtr(), x.clone().dataPtr());
        Tensor bytes = x.narrow(0, 1, 2).untypedStorage();
        assertEquals(16, bytes.numel());
        assertEquals(x.dataPtr(), bytes.dataPtr());
        assertTrue(bytes.isAliasOf(x));
    }

    @Test
    void aPieceOutsideOfTheTensorIsRefusedHoweverFar() {
        Tensor x = Torch.ones(4);
        IndexOutOfBoundsException e =
                assertThrows(IndexOutOfBoundsException.class, () -> x.byteBuffer(Long.MAX_VALUE - 5, 10));
        assertEquals("10 bytes at 9223372036854775802 are outside of the tensor's 16 bytes", e.getMessage());
    }
}
