package org.jtorch.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes a stream from which no byte came for some time, so that the thread that reads it gets an exception. */
final class StallAlarm implements AutoCloseable {

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "hub-stall-alarm");
        thread.setDaemon(true);
        return thread;
    });

    private volatile long last = System.nanoTime();

    StallAlarm(InputStream stream, Duration timeout) {
        long nanos = timeout.toNanos();
        clock.scheduleWithFixedDelay(
                () -> {
                    if (System.nanoTime() - last > nanos) {
                        close(stream);
                        clock.shutdown();
                    }
                },
                nanos / 4,
                nanos / 4,
                TimeUnit.NANOSECONDS);
    }

    /** Says that bytes came. */
    void progress() {
        last = System.nanoTime();
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
