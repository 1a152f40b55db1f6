package org.jtorch.data.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {

    @Test
    void aTimeIsInTheBucketWhoseGreatestTimeIsAtMostAThirtySecondMore() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong() >>> (1 + random.nextInt(63));
            int bucket = LatencyHistogram.bucket(nanos);
            long most = LatencyHistogram.most(bucket);
            assertTrue(most >= nanos && most - nanos <= nanos / 32, nanos + " in a bucket up to " + most);
            assertTrue(bucket == 0 || LatencyHistogram.most(bucket - 1) < nanos, () -> nanos + " is in the one before");
        }
        assertEquals(Long.MAX_VALUE, LatencyHistogram.most(LatencyHistogram.bucket(Long.MAX_VALUE)));
    }

    @Test
    void percentiles() {
        LatencyHistogram.Recorder recorder = new LatencyHistogram.Recorder();
        assertEquals(Duration.ZERO, recorder.snapshot().percentile(50));
        assertEquals(Duration.ZERO, recorder.snapshot().mean());
        for (int i = 1; i <= 100; i++) {
            recorder.record(i * 1_000_000L);
        }
        LatencyHistogram histogram = recorder.snapshot();
        assertEquals(100, histogram.count());
        assertEquals(50e6, histogram.percentile(50).toNanos(), 50e6 / 32);
        assertEquals(99e6, histogram.percentile(99).toNanos(), 99e6 / 32);
        assertEquals(1e6, histogram.percentile(0).toNanos(), 1e6 / 32);
        assertEquals(100e6, histogram.percentile(100).toNanos(), 100e6 / 32);
        assertEquals(50.5e6, histogram.mean().toNanos(), 50.5e6 / 32);
        assertTrue(histogram.toString().startsWith("100 times, p50 5"), histogram.toString());
        recorder.record(1);
        assertEquals(100, histogram.count(), "it does not change");
        assertThrows(IllegalArgumentException.class, () -> histogram.percentile(101));
    }
}
