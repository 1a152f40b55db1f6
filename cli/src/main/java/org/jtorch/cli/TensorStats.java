package org.jtorch.cli;

import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.ElementStats;

/**
 * What a tensor's elements are like.
 *
 * @param numbers least, greatest and mean, and how many are no numbers; null if that cannot be told
 * @param reason why it cannot; null if it can
 */
record TensorStats(@Nullable ElementStats numbers, @Nullable String reason) {

    /**
     * Looks at a tensor.
     *
     * @param read receives the number of bytes that were examined since its last call, on any thread
     */
    static TensorStats of(Tensor tensor, LongConsumer read) {
        try {
            return new TensorStats(ElementStats.of(tensor.detach(), read), null);
        } catch (RuntimeException e) { // of a strange tensor the engine may say anything; the others are still wanted
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
