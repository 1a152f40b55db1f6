package org.jtorch.nn.rnn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.utils.rnn.PackedSequence;

/** Creates packed sequences with other data. */
final class Packing {

    private Packing() {}

    /** Returns the same sequences with {@code data}, or null if {@code packed} is null. */
    static @Nullable PackedSequence over(@Nullable PackedSequence packed, Tensor data) {
        return packed == null
                ? null
                : new PackedSequence(data, packed.batchSizes(), packed.sortedIndices(), packed.unsortedIndices());
    }
}
