package org.jtorch.nn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.UntypedStorage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The statistics are those that the engine computes, for every dtype and every layout in memory. */
class ElementStatsTest {

    private static ElementStats of(Tensor tensor) {
        return ElementStats.of(tensor, read -> {});
    }

    private static void check(Tensor tensor) {
        Tensor wide = tensor.to(DType.FLOAT64).flatten();
        Tensor finite = wide.maskedSelect(wide.isfinite());
        ElementStats stats = of(tensor);
        assertEquals(finite.min().item(), stats.min());
        assertEquals(finite.max().item(), stats.max());
        assertEquals(finite.mean().item(), stats.mean(), 1e-9 * Math.abs(stats.mean()) + 1e-12);
        assertEquals(wide.isnan().sum().itemLong(), stats.nan());
        assertEquals(wide.isinf().sum().itemLong(), stats.inf());
    }

    /** Tests all bit patterns of dtypes of one or two bytes, and random ones of the others. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {
                "BOOL",
                "UINT8",
                "INT8",
                "UINT16",
                "INT16",
                "INT32",
                "INT64",
                "UINT32",
                "UINT64",
                "FLOAT16",
                "BFLOAT16",
                "FLOAT32",
                "FLOAT64",
                "FLOAT8_E5M2",
                "FLOAT8_E4M3FN",
                "FLOAT8_E5M2FNUZ",
                "FLOAT8_E4M3FNUZ"
            })
    void everyType(DType dtype) {
        int size = dtype.itemSize();
        int count = size <= 2 ? 1 << (8 * size) : 5000;
        try (UntypedStorage storage = UntypedStorage.allocate((long) count * size)) {
            java.util.Random random = new java.util.Random(1);
            for (int i = 0; i < count; i++) {
                var bytes = storage.buffer((long) i * size, size).order(java.nio.ByteOrder.LITTLE_ENDIAN);
                switch (size) {
                    case 1 -> bytes.put((byte) (dtype == DType.BOOL ? i & 1 : i));
                    case 2 -> bytes.putShort((short) i);
                    case 4 -> bytes.putInt(random.nextInt());
                    default -> bytes.putLong(random.nextLong() >> random.nextInt(20));
                }
            }
            check(storage.tensor(dtype, 0, new long[] {count}, new long[] {1}));
        }
    }

    @Test
    void stridesAndViews() {
        Tensor x = Torch.randn(37, 5, 11);
        for (Tensor view : List.of(
                x,
                x.transpose(0, 2),
                x.select(1, 3),
                x.narrow(0, 5, 20).transpose(1, 2),
                x.slice(2, 0, 11, 3),
                x.select(0, 0).select(0, 0).select(0, 4),
                x.unsqueeze(1).expand(37, 6, 5, 11),
                x.view(-1).unfold(0, 9, 2))) {
            check(view);
        }
        check(Torch.randn(3_000_001)); // Several tasks, of which the last one is short.
        check(Torch.randn(2_000_001, 2).select(1, 1));
    }

    @Test
    void noFiniteNumbersAndNone() {
        ElementStats none = of(Torch.tensor(new float[] {Float.NaN, Float.NEGATIVE_INFINITY}));
        assertNull(none.min());
        assertNull(none.mean());
        assertEquals(1, none.nan());
        assertEquals(1, none.inf());
        assertNull(of(Torch.zeros(0, 3)).max());
    }

    @Test
    void complexAndNegativeViews() {
        Tensor parts = Torch.tensor(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY, 2, 3, 4})
                .view(3, 2);
        ElementStats complex = of(Torch.viewAsComplex(parts));
        assertNull(complex.min());
        assertEquals(1, complex.nan());
        assertEquals(1, complex.inf());
        Tensor imaginary = Torch.viewAsReal(
                Torch.viewAsComplex(parts.narrow(0, 2, 1)).conj().resolveConj());
        check(imaginary);
        Tensor negative = Torch.imag(Torch.viewAsComplex(parts.narrow(0, 2, 1)).conj());
        assertTrue(negative.isNeg());
        assertEquals(-4, of(negative).min());
    }

    /** 2^40 elements of 4 bytes. */
    @Test
    void anExpandedTensorTakesNoLongerThanWhatIsStored() {
        Tensor huge = Torch.tensor(new float[] {1, 2, Float.NaN}).unsqueeze(1).expand(3, 1L << 40);
        ElementStats stats = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> of(huge));
        assertEquals(1.5, stats.mean());
        assertEquals(1L << 40, stats.nan());
    }

    /** Each element is examined once and counts as often as it occurs: 1, 2, 3, ..., 3, 2, 1 times. */
    @Test
    void elementsThatOverlap() {
        long side = 1 << 15;
        Tensor line = Torch.arange(4 * side).to(DType.FLOAT64).div(2);
        line.select(0, 5).fill_(1e9); // No element is at this position.
        line.select(0, 2).fill_(Double.NaN);
        Tensor hankel = line.asStrided(new long[] {side, side}, new long[] {2, 2});
        ElementStats stats = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> of(hankel));
        assertEquals(0, stats.min());
        assertEquals(2 * side - 2, stats.max());
        assertEquals(2, stats.nan());
        double sum = (double) (side * side) * (side - 1) - 2; // Without the two that would be 1.
        assertEquals(sum / (side * side - 2), stats.mean(), 1e-6);
        Tensor tooLong = Torch.zeros(new long[] {(1 << 24) + 1}, DType.UINT8)
                .asStrided(new long[] {1 << 23, 1 << 23}, new long[] {1, 1});
        assertEquals(0, of(tooLong).max());
        Tensor longer = Torch.zeros(new long[] {(1 << 25) + 1}, DType.UINT8)
                .asStrided(new long[] {1 << 24, 1 << 24}, new long[] {1, 1});
        assertThrows(UnsupportedOperationException.class, () -> of(longer));
    }

    @Test
    void whatHasNoNumbers() {
        assertReason("it is of layout torch.sparse_coo", Torch.eye(3).toSparse());
        assertReason(
                "it is on the meta device",
                Torch.empty(new long[] {3}, TensorOptions.of(DType.FLOAT32).device(Device.META)));
        try (UntypedStorage storage = UntypedStorage.allocate(4)) {
            for (DType dtype : List.of(DType.FLOAT4_E2M1FN_X2, DType.BITS8, DType.BITS16, DType.UINT3)) {
                assertReason("elements of " + dtype, storage.tensor(dtype, 0, new long[] {2}, new long[] {1}));
            }
        }
    }

    private static void assertReason(String reason, Tensor tensor) {
        String message = assertThrows(UnsupportedOperationException.class, () -> of(tensor))
                .getMessage();
        assertTrue(message.startsWith(reason), message);
    }

    @Test
    void theBytesAreTold() {
        AtomicLong read = new AtomicLong();
        ElementStats.of(Torch.zeros(3_000_000), read::addAndGet);
        assertEquals(12_000_000, read.get());
    }
}
