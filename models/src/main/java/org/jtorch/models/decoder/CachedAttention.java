package org.jtorch.models.decoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Attention of decoders, in the form that is fastest on the CPU.
 *
 * <p>For one new token of each text, which is what generation computes over and over, heads of queries that share a head of keys are
 * rows of one product. Numbers of half the width are computed in float32 and rounded at the end, since the engine's attention takes
 * several times longer for them, except on processors that multiply matrices of bfloat16 in hardware (AMX). The result differs from
 * the engine's by rounding.
 */
public final class CachedAttention {

    private CachedAttention() {}

    /**
     * Mixes values by how well the keys answer the queries.
     *
     * @param queries (N, heads, S, head_dim)
     * @param all the keys and values, (N, heads or a divisor of it, keys, head_dim)
     * @param mask the keys that may be seen
     * @param dropout the probability with which a weight is dropped
     * @param scale the factor of the scores; null for {@code 1 / sqrt(head_dim)}
     * @return (N, heads, S, head_dim)
     */
    public static Tensor mix(
            Tensor queries, KeyValueCache.Entry all, CausalMask mask, double dropout, @Nullable Double scale) {
        if (!queries.device().type().equals("cpu") || dropout > 0) {
            return engine(queries, all, mask, dropout, scale);
        }
        DType dtype = queries.dtype();
        if (dtype == DType.FLOAT16 || (dtype == DType.BFLOAT16 && !Amx.PRESENT)) {
            KeyValueCache.Entry wide = new KeyValueCache.Entry(
                    all.keys().to(DType.FLOAT32), all.values().to(DType.FLOAT32));
            return mixed(queries.to(DType.FLOAT32), wide, mask, scale).to(dtype);
        }
        return mixed(queries, all, mask, scale);
    }

    private static Tensor mixed(Tensor queries, KeyValueCache.Entry all, CausalMask mask, @Nullable Double scale) {
        long group = queries.size(1) / all.keys().size(1);
        if (queries.size(2) != 1 || group == 1) {
            return engine(queries, all, mask, 0, scale);
        }
        Tensor rows = queries.unflatten(1, -1, group).flatten(2, 3);
        return engine(rows, all, mask, 0, scale).unflatten(2, group, 1).flatten(1, 2);
    }

    private static Tensor engine(
            Tensor queries, KeyValueCache.Entry all, CausalMask mask, double dropout, @Nullable Double scale) {
        boolean grouped = queries.size(1) != all.keys().size(1);
        return F.scaledDotProductAttention(
                queries, all.keys(), all.values(), mask.allowed(), dropout, mask.causal(), scale, grouped);
    }

    /** Whether the processor multiplies matrices of bfloat16 in hardware; read at the first use of bfloat16. */
    private static final class Amx {
        static final boolean PRESENT = read();

        private static boolean read() {
            Path flags = Path.of("/proc/cpuinfo");
            try {
                return Files.isReadable(flags) && Files.readString(flags).contains("amx_bf16");
            } catch (IOException | SecurityException e) {
                return false;
            }
        }
    }
}
