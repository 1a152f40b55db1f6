package org.jtorch.spark;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;

/** Optional arguments of {@link JtorchSpark#train(JavaRDD, int, Trainer, Consumer)}. */
public final class TrainOptions {

    private Duration timeout = Duration.ofMinutes(30);
    private Duration slotWait = Duration.ofSeconds(30);
    private boolean dropLast;
    private int restarts;

    TrainOptions() {}

    /** Sets how long each operation of the group waits for the other ranks; the default is 30 minutes. */
    public TrainOptions timeout(Duration newTimeout) {
        if (newTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("the timeout must be at least a millisecond, not " + newTimeout);
        }
        timeout = newTimeout;
        return this;
    }

    /**
     * Sets how long to wait for enough executors, since a cluster may still be starting them; the default is 30 seconds. The cores of
     * local mode do not change, so that nothing waits for them.
     */
    public TrainOptions slotWait(Duration newSlotWait) {
        if (newSlotWait.isNegative()) {
            throw new IllegalArgumentException("the time to wait must not be negative, but is " + newSlotWait);
        }
        slotWait = newSlotWait;
        return this;
    }

    /**
     * Sets what happens if the number of rows is not a multiple of the ranks: whether the last rows are left out. The default is false: the
     * first rows are repeated.
     */
    public TrainOptions dropLast(boolean newDropLast) {
        dropLast = newDropLast;
        return this;
    }

    /**
     * Sets how many times all ranks are started again after one has failed; the default is 0. They are started with all of the rows. A trainer
     * that saves checkpoints, to a folder that all executors share, can continue from the newest one.
     */
    public TrainOptions restarts(int newRestarts) {
        if (newRestarts < 0) {
            throw new IllegalArgumentException("the number of restarts must not be negative, but is " + newRestarts);
        }
        restarts = newRestarts;
        return this;
    }

    Duration timeout() {
        return timeout;
    }

    Duration slotWait() {
        return slotWait;
    }

    int restarts() {
        return restarts;
    }

    boolean dropLast() {
        return dropLast;
    }
}
