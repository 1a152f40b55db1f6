package org.jtorch.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jtorch.TorchException;
import org.jtorch.internal.collectives.TcpStore;

/**
 * Signs of life: each process counts up a number in the store once a second, on a thread and a connection of its own. If an operation
 * failed, the processes whose number stands still are those that ended or stopped.
 */
final class Liveness implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Liveness.class.getName());

    private static final Duration BEAT = Duration.ofSeconds(1);

    /** How long a process may be silent. */
    private static final Duration SILENCE = BEAT.multipliedBy(3);

    private final TcpStore beats;
    private final int rank;
    private final int size;
    private final Thread thread;
    private volatile boolean closed;

    private Liveness(TcpStore beats, int rank, int size) {
        this.beats = beats;
        this.rank = rank;
        this.size = size;
        thread = new Thread(this::beat, "jtorch-liveness");
        thread.setDaemon(true);
    }

    /** Begins to give signs of life. */
    static Liveness start(Rendezvous rendezvous, int rank, int size) {
        Liveness liveness =
                new Liveness(rendezvous.own(rendezvous.connectAgain()).prefixed("alive"), rank, size);
        liveness.thread.start();
        return liveness;
    }

    private void beat() {
        try {
            while (!closed) {
                giveSign();
                TimeUnit.MILLISECONDS.sleep(BEAT.toMillis());
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void giveSign() {
        try {
            beats.add(Integer.toString(rank), 1);
        } catch (TorchException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "the store did not take a sign of life; if it is gone, the next operation fails",
                    e);
        }
    }

    /** What is known of the other processes: whether the store answers, and which ranks are silent. */
    record Signs(boolean storeAnswers, List<Integer> silent) {}

    /** Observes the others for some seconds. */
    Signs observe() {
        try {
            long[] before = within(this::counts);
            TimeUnit.MILLISECONDS.sleep(SILENCE.toMillis());
            long[] after = within(this::counts);
            List<Integer> silent = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                // a process that never gave a sign is not one of ours
                if (i != rank && after[i] > 0 && after[i] == before[i]) {
                    silent.add(i);
                }
            }
            return new Signs(true, silent);
        } catch (TimeoutException | ExecutionException e) {
            return new Signs(false, List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Signs(true, List.of());
        }
    }

    private long[] counts() {
        long[] counts = new long[size];
        for (int i = 0; i < size; i++) {
            counts[i] = beats.add(Integer.toString(i), 0);
        }
        return counts;
    }

    /** Calls the store, whose server may have been stopped so that it never answers. */
    private static long[] within(Supplier<long[]> call)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<long[]> answer = new CompletableFuture<>();
        Thread asks = new Thread(
                () -> {
                    try {
                        answer.complete(call.get());
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                },
                "jtorch-liveness-question");
        asks.setDaemon(true);
        asks.start();
        return answer.get(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(SILENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // the connection is left to the collector: a question may be in a call of it
    }
}
