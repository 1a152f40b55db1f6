package org.jtorch.nn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.UntypedStorage;
import org.junit.jupiter.api.Test;

/** Distances and tolerances are those of PyTorch's {@code allclose(equal_nan=True)}, for every dtype and all strides. */
class ElementDistanceTest {

    private static ElementDistance of(Tensor a, Tensor b) {
        return of(a, b, 0, 0);
    }

    private static ElementDistance of(Tensor a, Tensor b, double rtol, double atol) {
        return ElementDistance.of(a, b, rtol, atol, read -> {});
    }

    @Test
    void typesAndStrides() {
        Tensor x = Torch.randn(40, 50).mul(20);
        for (DType dtype : List.of(
                DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16, DType.INT8, DType.INT32, DType.INT64)) {
            Tensor a = x.to(dtype);
            Tensor b = a.clone();
            assertEquals(0, of(a, b).most(), dtype.toString());
            b.select(0, 39).select(0, 49).fill_(90);
            double distance =
                    a.to(DType.FLOAT64).sub(b.to(DType.FLOAT64)).abs().max().item();
            for (Tensor[] pair : new Tensor[][] {
                {a, b}, {a.t(), b.t()}, {a, b.t().contiguous().t()}, {a.slice(1, 1, 50, 2), b.slice(1, 1, 50, 2)}
            }) {
                ElementDistance found = of(pair[0], pair[1]);
                assertEquals(distance, found.most(), dtype.toString());
                assertFalse(found.near());
                assertTrue(of(pair[0], pair[1], 0, distance).near());
            }
            assertEquals(0, of(a, a.to(DType.FLOAT64)).most());
        }
    }

    @Test
    void numbersThatAreNone() {
        double inf = Double.POSITIVE_INFINITY;
        Tensor a = Torch.tensor(new double[] {Double.NaN, inf, -0.0, 1});
        assertTrue(of(a, Torch.tensor(new double[] {Double.NaN, inf, 0.0, 1})).near());
        assertEquals(
                inf, of(a, Torch.tensor(new double[] {Double.NaN, -inf, 0, 1})).most());
        assertFalse(of(Torch.tensor(new double[] {1}), Torch.tensor(new double[] {inf}), 1, 1)
                .near());
        Tensor once = Torch.tensor(new double[] {1, inf, 0, 1});
        assertTrue(Double.isNaN(of(a, once).most()));
        assertTrue(Double.isNaN(of(once, a).most()));
        assertFalse(of(a, once, 1, 1e9).near());
    }

    /** As float64, they would all be 2^60 or 2^63. */
    @Test
    void largeIntegers() {
        Tensor a = Torch.tensor(new long[] {(1L << 60) + 1, Long.MAX_VALUE});
        assertEquals(
                1, of(a, Torch.tensor(new long[] {1L << 60, Long.MAX_VALUE})).most());
        assertEquals(
                0x1p64,
                of(a, Torch.tensor(new long[] {(1L << 60) + 1, Long.MIN_VALUE})).most());
        assertEquals(
                3,
                of(
                                a.view(DType.UINT64),
                                Torch.tensor(new long[] {(1L << 60) - 2, Long.MAX_VALUE})
                                        .view(DType.UINT64))
                        .most());
    }

    @Test
    void complexNumbers() {
        Tensor a = Torch.viewAsComplex(Torch.tensor(new float[] {1, 2, 3, 4}).view(2, 2));
        Tensor b = Torch.viewAsComplex(Torch.tensor(new float[] {1, 2, 6, 0}).view(2, 2));
        assertEquals(5, of(a, b).most());
        assertEquals(8, of(a, a.conj()).most());
        assertEquals(0, of(a.conj(), a.conj().resolveConj()).most());
        assertTrue(of(a, b, 1, 0).near());
        assertFalse(of(a, b, 0.8, 0).near());
        Tensor half = a.to(DType.COMPLEX32);
        assertEquals(5, of(half, b.to(DType.COMPLEX32)).most());
    }

    /** The engine cannot compute with these dtypes. */
    @Test
    void typesThatAreNoNumbers() {
        for (DType dtype : List.of(DType.FLOAT4_E2M1FN_X2, DType.BITS8, DType.BITS16, DType.UINT4, DType.BITS1X8)) {
            try (UntypedStorage left = UntypedStorage.allocate(8);
                    UntypedStorage right = UntypedStorage.allocate(8)) {
                left.buffer(0, 8).putLong(-1);
                right.buffer(0, 8).putLong(-1);
                Tensor a = left.tensor(dtype, 0, new long[] {2}, new long[] {1});
                Tensor b = right.tensor(dtype, 0, new long[] {2}, new long[] {1});
                assertTrue(of(a, b).near(), dtype.toString());
                right.buffer(1, 1).put((byte) 3);
                ElementDistance found = of(a, b, 0, 1000);
                assertFalse(found.near(), dtype.toString());
                assertFalse(found.isNumber());
            }
        }
    }

    @Test
    void expandedTensorsTakeNoLongerThanWhatIsStored() {
        Tensor a = Torch.tensor(new float[] {1, 2}).unsqueeze(1).expand(2, 1L << 40);
        Tensor b = Torch.tensor(new float[] {1, 2.5f}).unsqueeze(1).expand(2, 1L << 40);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertEquals(0, of(a, a).most());
            assertEquals(0.5, of(a, b).most());
        });
    }

    @Test
    void elementsThatOverlap() {
        long side = 1 << 15;
        long[] shape = {side, side};
        Tensor line = Torch.zeros(4 * side);
        Tensor other = line.clone();
        other.select(0, 5).fill_(1); // No element is at this position.
        Tensor a = line.asStrided(shape, new long[] {2, 2});
        Tensor b = other.asStrided(shape, new long[] {2, 2});
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertEquals(0, of(a, b).most());
            other.select(0, 4 * side - 4).fill_(3);
            assertEquals(3, of(a, b).most());
            Tensor c = Torch.zeros(side).expand(shape);
            String message = assertThrows(UnsupportedOperationException.class, () -> of(a, c))
                    .getMessage();
            assertTrue(message.contains("1,073,741,824 elements overlap in memory"), message);
        });
    }

    @Test
    void whatIsNotCompared() {
        assertThrows(IllegalArgumentException.class, () -> of(Torch.zeros(2), Torch.zeros(3)));
        assertThrows(
                UnsupportedOperationException.class,
                () -> of(Torch.zeros(2), Torch.zeros(2).to(DType.COMPLEX64)));
        assertTrue(of(Torch.zeros(0, 2), Torch.zeros(0, 2)).near());
    }
}
