package org.jtorch.nn.internal;

import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.TextTable;

/**
 * Statistics of a tensor's elements, computed in one pass over its memory on all cores. The work is proportional to the number
 * of stored bytes at most: in an expanded tensor, each stored element is examined once and counted as often as it occurs.
 *
 * @param min the least finite element; null if there is none, or if the dtype is complex
 * @param max the greatest finite element; null if there is none, or if the dtype is complex
 * @param mean the mean of the finite elements
 * @param nan the number of elements that are NaN; of parts, if the dtype is complex
 * @param inf the number of elements that are infinite; of parts, if the dtype is complex
 */
public record ElementStats(
        @Nullable Double min,
        @Nullable Double max,
        @Nullable Double mean,
        long nan,
        long inf) {

    /** The number of values in a task for one core. */
    private static final int TASK = 1 << 20;

    /** The number of values that fit into the CPU's cache. It is even, so that the parts of complex values stay together. */
    private static final int BLOCK = 1 << 12;

    /**
     * Computes the statistics of a tensor's elements.
     *
     * @param tensor a strided tensor on the CPU
     * @param read receives the number of bytes that were examined since its last call, on any thread
     * @throws UnsupportedOperationException if the elements cannot be read as numbers; the message gives the reason
     */
    public static ElementStats of(Tensor tensor, LongConsumer read) {
        try (StoredElements elements = StoredElements.of(tensor)) {
            if (tensor.numel() == 0) {
                return new ElementStats(null, null, null, 0, 0);
            }
            long[] strides = tensor.strides();
            StoredShape shape = StoredShape.of(tensor.shape(), strides, strides, tensor.isComplex());
            long[] weights = null;
            if (!shape.isBounded()) {
                if (!shape.isWeighable()) {
                    throw new UnsupportedOperationException("its " + TextTable.count(tensor.numel())
                            + " elements overlap in memory: clone() the part that is needed");
                }
                weights = shape.weights();
                shape = shape.flat();
            }
            return of(elements, shape, weights, read).stats(shape.repeats(), tensor.isComplex());
        }
    }

    private static Sums of(StoredElements elements, StoredShape shape, long @Nullable [] weights, LongConsumer read) {
        long count = shape.count();
        List<Sums> parts = LongStream.range(0, (count + TASK - 1) / TASK)
                .parallel()
                .mapToObj(task -> {
                    long from = task * TASK;
                    int numbers = (int) Math.min(TASK, count - from);
                    Sums sums = sums(elements, shape, weights, from, numbers);
                    read.accept((long) numbers * elements.decoder().itemSize());
                    return sums;
                })
                .toList();
        Sums all = new Sums();
        parts.forEach(all::add); // In a fixed order, so that the mean is always the same.
        return all;
    }

    private static Sums sums(
            StoredElements elements, StoredShape shape, long @Nullable [] weights, long from, int count) {
        Sums sums = new Sums();
        double[] block = new double[Math.min(BLOCK, count)];
        for (int done = 0; done < count; done += BLOCK) {
            int here = Math.min(BLOCK, count - done);
            shape.read(elements, shape.a(), from + done, block, here);
            if (weights == null) {
                sums.add(block, here);
            } else {
                sums.add(block, here, weights, (int) from + done);
            }
        }
        return sums;
    }

    private static final class Sums {
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double sum;
        private long finite;
        private long nan;
        private long inf;

        void add(double[] values, int count) {
            double least = min;
            double most = max;
            double added = 0;
            int others = 0;
            for (int i = 0; i < count; i++) {
                double value = values[i];
                if (Math.abs(value) <= Double.MAX_VALUE) {
                    added += value;
                    least = value < least ? value : least;
                    most = value > most ? value : most;
                } else {
                    others++;
                    nan += Double.isNaN(value) ? 1 : 0;
                    inf += Double.isNaN(value) ? 0 : 1;
                }
            }
            min = least;
            max = most;
            sum += added;
            finite += count - others;
        }

        void add(double[] values, int count, long[] weights, int first) {
            for (int i = 0; i < count; i++) {
                long weight = weights[first + i];
                double value = values[i];
                if (weight > 0 && Double.isFinite(value)) {
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    sum += weight * value;
                    finite += weight;
                } else if (weight > 0) {
                    nan += Double.isNaN(value) ? weight : 0;
                    inf += Double.isNaN(value) ? 0 : weight;
                }
            }
        }

        void add(Sums other) {
            min = Math.min(min, other.min);
            max = Math.max(max, other.max);
            sum += other.sum;
            finite += other.finite;
            nan += other.nan;
            inf += other.inf;
        }

        ElementStats stats(long repeats, boolean complex) {
            return finite == 0 || complex
                    ? new ElementStats(null, null, null, nan * repeats, inf * repeats)
                    : new ElementStats(min, max, sum / finite, nan * repeats, inf * repeats);
        }
    }
}
