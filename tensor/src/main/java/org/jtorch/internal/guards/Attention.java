package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** Checks attention with fewer heads of keys and values than of queries. The engine divides by their number. */
public final class Attention {

    private Attention() {}

    /**
     * Refuses keys and values without heads.
     *
     * @param grouped whether heads are shared; otherwise nothing is checked
     * @throws IllegalArgumentException if keys or values have no heads
     */
    public static void checkHeads(Tensor key, Tensor value, boolean grouped) {
        if (grouped && (hasNone(key) || hasNone(value))) {
            throw new IllegalArgumentException(
                    "with enable_gqa, keys and values must have a dimension -3 of at least one head");
        }
    }

    private static boolean hasNone(Tensor tensor) {
        return !tensor.is_nested() && (tensor.dim() < 3 || tensor.size(-3) == 0);
    }
}
