package org.jtorch.optim.lrscheduler;

import org.jtorch.nn.ChainedOptions;

/**
 * The optional argument that all schedules share.
 *
 * @param <S> the options class itself
 */
public abstract class SchedulerOptions<S extends SchedulerOptions<S>> extends ChainedOptions<S> {

    private long lastEpoch = -1;

    SchedulerOptions() {}

    /**
     * Sets the last epoch of the schedule that is continued; the default is -1 for a new schedule. It needs the state of the
     * optimizer, which must be loaded before.
     */
    public S lastEpoch(long newLastEpoch) {
        lastEpoch = newLastEpoch;
        return self();
    }

    long lastEpoch() {
        return lastEpoch;
    }
}
