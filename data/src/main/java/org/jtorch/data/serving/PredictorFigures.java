package org.jtorch.data.serving;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a {@link Predictor} has done since it was made. Each request that was accepted is counted once: as answered, failed, expired
 * or cancelled, or it still waits or runs.
 *
 * @param answered the requests that have a result
 * @param failed the requests whose computation threw
 * @param expired the requests whose deadline passed before they were started
 * @param cancelled the requests that were cancelled, by their callers or by {@link Predictor#closeNow}
 * @param rejected the requests that were not accepted
 * @param queued the requests that wait now
 * @param latency the times from the submission of a request to its result, of those that were answered
 * @param waiting the times that requests waited before they were started
 * @param batchSizes how often a batch had which size
 */
public record PredictorFigures(
        long answered,
        long failed,
        long expired,
        long cancelled,
        long rejected,
        int queued,
        LatencyHistogram latency,
        LatencyHistogram waiting,
        SortedMap<Integer, Long> batchSizes) {

    /** Creates figures. */
    public PredictorFigures {
        batchSizes = Collections.unmodifiableSortedMap(new TreeMap<>(batchSizes));
    }

    /** Returns the mean size of the batches, or 0 if there are none. */
    public double meanBatchSize() {
        long batches = 0;
        long requests = 0;
        for (var entry : batchSizes.entrySet()) {
            batches += entry.getValue();
            requests += entry.getKey() * entry.getValue();
        }
        return batches == 0 ? 0 : (double) requests / batches;
    }
}
