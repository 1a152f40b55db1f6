package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** Checks bags of rows of an embedding. The engine goes from one offset to the next without a check. */
public final class Bags {

    private Bags() {}

    /**
     * Refuses indices that are not rows, and offsets that do not start at 0, decrease, or exceed the number of indices.
     *
     * @param weight (rows, size)
     * @param indices the rows of all bags
     * @param offsets the index at which each bag starts
     * @param includeLastOffset whether the last offset is the end of the last bag
     * @throws IllegalArgumentException if an index or an offset is refused
     */
    public static void check(Tensor weight, Tensor indices, Tensor offsets, boolean includeLastOffset) {
        if (weight.dim() != 2 || indices.dim() != 1 || offsets.dim() != 1) {
            throw new IllegalArgumentException(
                    "an embedding bag needs a matrix of weights and vectors of indices and offsets, but they have "
                            + weight.dim() + ", " + indices.dim() + " and " + offsets.dim() + " dimensions");
        }
        if (weight.is_meta() || indices.is_meta() || offsets.is_meta()) {
            return;
        }
        long rows = weight.size(0);
        for (long index : HostLongs.of("indices", indices)) {
            if (index < 0 || index >= rows) {
                throw new IllegalArgumentException(
                        "index " + index + " is out of bounds for an embedding of " + rows + " rows");
            }
        }
        long[] starts = HostLongs.of("offsets", offsets);
        if (starts.length == 0 && includeLastOffset) {
            throw new IllegalArgumentException("include_last_offset needs at least one offset");
        }
        long before = 0;
        for (int i = 0; i < starts.length; i++) {
            if ((i == 0 && starts[i] != 0) || starts[i] < before || starts[i] > indices.numel()) {
                throw new IllegalArgumentException("offset " + i + " is " + starts[i]
                        + ", but must start at 0, must not decrease, and must not exceed the number of indices, "
                        + indices.numel());
            }
            before = starts[i];
        }
    }
}
