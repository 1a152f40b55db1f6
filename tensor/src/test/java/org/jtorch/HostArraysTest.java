package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HostArraysTest {

    @Test
    void dtypeFollowsTheJavaType() {
        assertEquals(DType.FLOAT32, Torch.tensor(new float[] {1}).dtype());
        assertEquals(DType.FLOAT64, Torch.tensor(new double[] {1}).dtype());
        assertEquals(DType.INT64, Torch.tensor(new long[] {1}).dtype());
        assertEquals(DType.INT32, Torch.tensor(new int[] {1}).dtype());
        assertEquals(DType.INT16, Torch.tensor(new short[] {1}).dtype());
        assertEquals(DType.INT8, Torch.tensor(new byte[] {1}).dtype());
        assertEquals(DType.BOOL, Torch.tensor(new boolean[] {true}).dtype());
        assertEquals(DType.FLOAT64, Torch.tensor(new double[2][3]).dtype());
    }

    @Test
    void singleNumbersFollowPythonsRule() {
        assertEquals(DType.FLOAT32, Torch.tensor(3.5).dtype());
        assertEquals(3.5, Torch.tensor(3.5).item());
        assertEquals(DType.INT64, Torch.tensor(3).dtype());
        assertEquals(Long.MAX_VALUE, Torch.tensor(Long.MAX_VALUE).itemLong());
        assertEquals(DType.BOOL, Torch.tensor(true).dtype());
        assertEquals(0, Torch.tensor(3.5).dim());
        assertEquals(DType.FLOAT32, Torch.scalarTensor(3).dtype());
        assertEquals(
                DType.INT16,
                Torch.scalarTensor(3, TensorOptions.of(DType.INT16)).dtype());
        assertEquals(DType.FLOAT64, Torch.tensor(3, DType.FLOAT64).dtype());
        assertEquals(
                DType.BOOL, Torch.tensor(Boolean.TRUE, TensorOptions.DEFAULT).dtype());
    }

    @Test
    void everyTypeComesBackAsItWent() {
        assertArrayEquals(
                new float[] {1.5f, -2f}, Torch.tensor(new float[] {1.5f, -2f}).toFloatArray());
        assertArrayEquals(
                new double[] {Math.PI, -2},
                Torch.tensor(new double[] {Math.PI, -2}).toDoubleArray());
        assertArrayEquals(
                new long[] {Long.MIN_VALUE, 7},
                Torch.tensor(new long[] {Long.MIN_VALUE, 7}).toLongArray());
        assertArrayEquals(
                new int[] {Integer.MIN_VALUE, 7},
                Torch.tensor(new int[] {Integer.MIN_VALUE, 7}).toIntArray());
        assertArrayEquals(new short[] {-5, 7}, Torch.tensor(new short[] {-5, 7}).toShortArray());
        assertArrayEquals(new byte[] {-5, 7}, Torch.tensor(new byte[] {-5, 7}).toByteArray());
        assertArrayEquals(
                new boolean[] {true, false, true},
                Torch.tensor(new boolean[] {true, false, true}).toBooleanArray());
    }

    @Test
    void flatDataTakesAShape() {
        Tensor x = Torch.tensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertArrayEquals(new long[] {2, 3}, x.shape());
        assertEquals(4, x.select(0, 1).select(0, 0).item());
        assertArrayEquals(
                new long[0], Torch.tensor(new float[] {1}, new long[0]).shape());
        assertArrayEquals(new long[] {0, 3}, Torch.tensor(new float[0], 0, 3).shape());
        var e = assertThrows(IllegalArgumentException.class, () -> Torch.tensor(new float[5], 2, 3));
        assertEquals("shape [2, 3] has 6 elements, but the array has 5", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Torch.tensor(new float[5], -1, -5));
        assertThrows(IllegalArgumentException.class, () -> Torch.tensor(new float[0], Long.MAX_VALUE, 3));
    }

    @Test
    void nestedArraysOfAnyDepth() {
        Tensor x = Torch.tensor(new double[][][] {{{1, 2}, {3, 4}, {5, 6}}, {{7, 8}, {9, 10}, {11, 12}}});
        assertArrayEquals(new long[] {2, 3, 2}, x.shape());
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, x.toDoubleArray());
        assertArrayEquals(
                new boolean[] {true, false},
                Torch.tensor(new boolean[][] {{true}, {false}}).toBooleanArray());
        assertArrayEquals(new long[] {2, 0}, Torch.tensor(new int[2][0]).shape());
        assertArrayEquals(new long[] {0, 0}, Torch.tensor(new int[0][5]).shape());
        Tensor halves = Torch.tensor(new float[][] {{1, 2}, {3, 4}}, DType.FLOAT16);
        assertEquals(DType.FLOAT16, halves.dtype());
        assertArrayEquals(new float[] {1, 2, 3, 4}, halves.toFloatArray());
    }

    @Test
    void raggedArraysAreRefusedWithThePlace() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> Torch.tensor(new float[][][] {{{1, 2}, {3, 4}}, {{5, 6}, {7}}}));
        assertTrue(
                e.getMessage().startsWith("expected sequence of length 2 at dim 2 (got 1), at index [1, 1]"),
                e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> Torch.tensor(new long[][] {{1}, null}));
        assertEquals("the array is null at index [1]", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> Torch.tensor(new int[][] {{}, {1}}));
        assertTrue(
                e.getMessage().startsWith("expected sequence of length 0 at dim 1 (got 1), at index [1]"),
                e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> Torch.tensor(new String[] {"a"}));
        assertTrue(e.getMessage().startsWith("cannot make a tensor of a String[]"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Torch.tensor("a", DType.INT8));
    }

    @Test
    void optionsAreHonoured() {
        Tensor x = Torch.tensor(
                new double[] {1, 2}, TensorOptions.of(DType.FLOAT32).requiresGrad(true));
        assertTrue(x.requiresGrad());
        assertTrue(x.isLeaf());
        assertEquals(DType.FLOAT32, x.dtype());
        Tensor meta = Torch.tensor(new float[] {1, 2}, new long[] {2, 1}, TensorOptions.of(Device.META));
        assertEquals(Device.META, meta.device());
        assertThrows(TorchException.class, meta::toFloatArray);
        assertThrows(
                TorchException.class, () -> Torch.tensor(new long[] {1}, TensorOptions.DEFAULT.requiresGrad(true)));
    }

    @Test
    void copiesComeInRowMajorOrderFromAnyStrides() {
        Tensor x = Torch.tensor(new float[][] {{1, 2, 3}, {4, 5, 6}});
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, x.t().toFloatArray());
        assertArrayEquals(new float[] {2, 5}, x.select(1, 1).toFloatArray());
        assertArrayEquals(
                new int[] {1, 1, 2, 2},
                Torch.tensor(new int[] {1, 2}, 2, 1).expand(2, 2).toIntArray());
        assertArrayEquals(new float[0], x.narrow(0, 0, 0).toFloatArray());
    }

    @Test
    void copiesConvert() {
        Tensor x = Torch.tensor(new double[] {1.9, -1.9, 300});
        assertArrayEquals(new long[] {1, -1, 300}, x.toLongArray());
        assertArrayEquals(new byte[] {1, -1, 44}, x.to(DType.INT32).toByteArray());
        assertArrayEquals(new boolean[] {true, true, true}, x.toBooleanArray());
        assertArrayEquals(
                new byte[] {(byte) 200},
                Torch.tensor(new int[] {200}).to(DType.UINT8).toByteArray());
        assertArrayEquals(
                new float[] {1.8984375f},
                Torch.tensor(new float[] {1.9f}, DType.BFLOAT16).toFloatArray(),
                0.01f);
    }

    @Test
    void copiesStayOutOfGraphs() {
        Tensor x = Torch.tensor(new float[] {1, 2}, TensorOptions.DEFAULT.requiresGrad(true));
        assertArrayEquals(new double[] {2, 4}, x.mul(2).toDoubleArray());
        assertFalse(x.detach().requiresGrad());
    }

    @Test
    void closedTensorsSaySo() {
        Tensor x = Torch.tensor(new float[] {1, 2});
        x.close();
        var e = assertThrows(IllegalStateException.class, x::toFloatArray);
        assertEquals("this tensor was freed by close()", e.getMessage());
    }
}
