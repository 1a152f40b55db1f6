package org.jtorch.data.serving;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a predictor does, from any number of threads. */
final class Figures {

    final LongAdder answered = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LatencyHistogram.Recorder latency = new LatencyHistogram.Recorder();
    final LatencyHistogram.Recorder waiting = new LatencyHistogram.Recorder();
    private final AtomicLongArray sizes;

    Figures(int maxBatchSize) {
        sizes = new AtomicLongArray(maxBatchSize + 1);
    }

    void batch(int size) {
        sizes.incrementAndGet(size);
    }

    PredictorFigures snapshot(int queued) {
        SortedMap<Integer, Long> batches = new TreeMap<>();
        for (int size = 0; size < sizes.length(); size++) {
            if (sizes.get(size) > 0) {
                batches.put(size, sizes.get(size));
            }
        }
        return new PredictorFigures(
                answered.sum(),
                failed.sum(),
                expired.sum(),
                cancelled.sum(),
                rejected.sum(),
                queued,
                latency.snapshot(),
                waiting.snapshot(),
                batches);
    }
}
