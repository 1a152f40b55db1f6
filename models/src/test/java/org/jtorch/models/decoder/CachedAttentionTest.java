package org.jtorch.models.decoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.functional.F;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention in its faster forms, compared with that of the engine in float64. */
class CachedAttentionTest {

    @ParameterizedTest
    @CsvSource({"4, 1, 9", "2, 1, 9", "1, 1, 70", "2, 5, 5", "4, 5, 5", "1, 3, 9"})
    void theResultIsThatOfTheEngine(long keyHeads, long queries, long keys) {
        Torch.manualSeed(0);
        try (TensorScope scope = new TensorScope()) {
            Tensor q = Torch.randn(3, 4, queries, 16);
            Tensor k = Torch.randn(3, keyHeads, keys, 16);
            Tensor v = Torch.randn(3, keyHeads, keys, 16);
            Tensor allowed = Torch.ones(new long[] {3, 1, 1, keys}, TensorOptions.of(DType.BOOL));
            allowed.narrow(0, 1, 1).narrow(3, 0, 3).fill_(0);
            for (Tensor mask : new @Nullable Tensor[] {null, allowed}) {
                boolean causal = mask == null && queries == keys;
                CausalMask seen = new CausalMask(mask, causal);
                for (Double scale : new @Nullable Double[] {null, 0.4}) {
                    Tensor expected = F.scaledDotProductAttention(
                            q.to(DType.FLOAT64),
                            k.to(DType.FLOAT64),
                            v.to(DType.FLOAT64),
                            mask,
                            0,
                            causal,
                            scale,
                            keyHeads != 4);
                    for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16)) {
                        KeyValueCache.Entry all = new KeyValueCache.Entry(k.to(dtype), v.to(dtype));
                        Tensor mixed = CachedAttention.mix(q.to(dtype), all, seen, 0, scale);
                        assertEquals(dtype, mixed.dtype());
                        assertArrayEquals(q.shape(), mixed.shape());
                        double off = mixed.to(DType.FLOAT64)
                                .sub(expected)
                                .abs()
                                .max()
                                .item();
                        double most = dtype == DType.FLOAT32 ? 1e-5 : 0.05;
                        assertTrue(off < most, () -> dtype + " is off by " + off);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "2, 3"})
    void gradientsPass(long keyHeads, long queries) {
        Torch.manualSeed(0);
        try (TensorScope scope = new TensorScope()) {
            Tensor q = Torch.randn(1, 4, queries, 8).requiresGrad_();
            Tensor k = Torch.randn(1, keyHeads, queries, 8).requiresGrad_();
            CausalMask causal = new CausalMask(null, queries > 1);
            CachedAttention.mix(q, new KeyValueCache.Entry(k, k), causal, 0, null)
                    .square()
                    .sum()
                    .backward();
            Tensor mine = Objects.requireNonNull(k.grad()).clone();
            k.setGrad(null);
            F.scaledDotProductAttention(q, k, k, null, 0, queries > 1, null, true)
                    .square()
                    .sum()
                    .backward();
            assertTrue(mine.allclose(Objects.requireNonNull(k.grad()), 1e-4, 1e-5));
        }
    }
}
