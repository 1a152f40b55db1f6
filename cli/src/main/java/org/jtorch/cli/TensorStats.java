package org.jtorch.cli;

import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.ElementStats;

/**
 * Statistics of a tensor's elements.
 *
 * @param numbers the statistics; null if they cannot be computed
 * @param reason the reason why they cannot be computed; null if they can
 */
record TensorStats(@Nullable ElementStats numbers, @Nullable String reason) {

    /**
     * Computes the statistics of a tensor.
     *
     * @param read receives the number of bytes that were examined since its last call, on any thread
     */
    static TensorStats of(Tensor tensor, LongConsumer read) {
        try {
            return new TensorStats(ElementStats.of(tensor.detach(), read), null);
            // For an unusual tensor, the engine may throw any exception. The others should still be shown.
        } catch (RuntimeException e) {
            return unknown(Reasons.of(e));
        }
    }

    static TensorStats unknown(String reason) {
        return new TensorStats(null, reason);
    }

    /** Returns a number in few characters. */
    static String text(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }
}
