package org.jtorch.internal.guards;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Checks packed sequences. The engine uses the numbers of sequences at each step as addresses without a check. */
public final class Packed {

    private Packed() {}

    /**
     * Refuses batch sizes that are not positive, that increase, or whose sum is not the number of rows of the data.
     *
     * @param data (sum of the batch sizes, …)
     * @param batchSizes (steps)
     * @throws IllegalArgumentException if the batch sizes are refused
     */
    public static void check(Tensor data, Tensor batchSizes) {
        if (data.dim() < 1 || batchSizes.dim() != 1 || batchSizes.is_meta()) {
            throw new IllegalArgumentException(
                    "packed data must have at least one dimension, and batch_sizes must be a vector, but they have "
                            + data.dim() + " and " + batchSizes.dim() + " dimensions");
        }
        long[] sizes = HostLongs.of("batch_sizes", batchSizes);
        long rows = data.size(0);
        long sum = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1 || sizes[i] > rows || (i > 0 && sizes[i] > sizes[i - 1])) {
                throw wrong(sizes, rows);
            }
            sum += sizes[i];
        }
        if (sizes.length == 0 || sum != rows) {
            throw wrong(sizes, rows);
        }
    }

    private static IllegalArgumentException wrong(long[] sizes, long rows) {
        return new IllegalArgumentException("batch_sizes are " + Arrays.toString(sizes)
                + ", but must be positive, must not increase, and must add up to the " + rows + " rows of the data");
    }
}
