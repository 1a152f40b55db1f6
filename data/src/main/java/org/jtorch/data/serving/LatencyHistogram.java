package org.jtorch.data.serving;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many times were how long. Times are counted in buckets whose width is at most a thirty-second of the time, so that all values
 * are right within about 3 percent. It does not change.
 */
public final class LatencyHistogram {

    /** The buckets of each power of two are 2 to this. */
    private static final int BITS = 5;

    private static final int SIZE = (64 - BITS) << BITS;

    /** Counts times from any number of threads. */
    static final class Recorder {
        private final AtomicLongArray counts = new AtomicLongArray(SIZE);

        void record(long nanos) {
            counts.incrementAndGet(bucket(Math.max(0, nanos)));
        }

        LatencyHistogram snapshot() {
            long[] copy = new long[SIZE];
            for (int i = 0; i < SIZE; i++) {
                copy[i] = counts.get(i);
            }
            return new LatencyHistogram(copy);
        }
    }

    private final long[] counts;
    private final long count;

    private LatencyHistogram(long[] counts) {
        this.counts = counts;
        long sum = 0;
        for (long some : counts) {
            sum += some;
        }
        count = sum;
    }

    /** Small times have a bucket each; of greater ones, the first bits after the leading one count. */
    static int bucket(long nanos) {
        int shift = Math.max(0, 63 - BITS - Long.numberOfLeadingZeros(nanos));
        return (shift << BITS) + (int) (nanos >>> shift);
    }

    /** Returns the greatest time of a bucket. */
    static long most(int bucket) {
        int shift = Math.max(0, (bucket >> BITS) - 1);
        long leading = bucket - ((long) shift << BITS);
        return (leading << shift) + (1L << shift) - 1;
    }

    /** Returns how many times were counted. */
    public long count() {
        return count;
    }

    /**
     * Returns the time that a share of the times did not exceed, or zero if there are none.
     *
     * @param percent 0 to 100: 50 for the median, 99 for the time that one of a hundred exceeds, 100 for the greatest
     * @throws IllegalArgumentException if {@code percent} is not from 0 to 100
     */
    public Duration percentile(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("the percentile is " + percent + ", but must be from 0 to 100");
        }
        long rank = Math.max(1, (long) Math.ceil(count * percent / 100));
        long seen = 0;
        for (int i = 0; i < SIZE; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Duration.ofNanos(most(i));
            }
        }
        return Duration.ZERO;
    }

    /** Returns the mean of the times, or zero if there are none. */
    public Duration mean() {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
            sum += counts[i] * (double) most(i);
        }
        return Duration.ofNanos(count == 0 ? 0 : (long) (sum / count));
    }

    /** Returns the number of times and some percentiles in milliseconds. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(count + " times");
        for (double percent : new double[] {50, 90, 99, 100}) {
            text.append(String.format(
                    java.util.Locale.ROOT,
                    ", %s %.3f ms",
                    percent == 100 ? "max" : "p" + (int) percent,
                    percentile(percent).toNanos() / 1e6));
        }
        return text.toString();
    }
}
