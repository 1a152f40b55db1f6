package org.jtorch.optim.lrscheduler;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.optim.Optimizer;

/**
 * Makes a step of several schedules at once. Each changes the learning rates that the one before it left, so their factors are
 * multiplied if all are of the chainable form.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html">ChainedScheduler</a>
 */
public final class ChainedScheduler extends ComposedScheduler {

    /**
     * Creates a schedule over the optimizer of the first of the given ones.
     *
     * @param schedulers the schedules, at least one
     * @throws IllegalArgumentException if there is no schedule, they have different optimizers, or one is a
     *     {@code ReduceLROnPlateau}, which needs a metric
     */
    public ChainedScheduler(List<? extends LRScheduler> schedulers) {
        this(schedulers, first(schedulers).optimizer());
    }

    /**
     * Creates a schedule.
     *
     * @param schedulers the schedules, at least one
     * @param optimizer the optimizer of all of them
     * @throws IllegalArgumentException if there is no schedule, one has another optimizer, or one is a
     *     {@code ReduceLROnPlateau}, which needs a metric
     */
    public ChainedScheduler(List<? extends LRScheduler> schedulers, Optimizer<?> optimizer) {
        super(optimizer, schedulers);
        first(schedulers);
        note();
    }

    private static LRScheduler first(List<? extends LRScheduler> schedulers) {
        if (schedulers.isEmpty()) {
            throw new IllegalArgumentException(
                    "ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.");
        }
        return schedulers.get(0);
    }

    private void note() {
        setLastLrs(lrs());
        setLastEpoch(schedulers().get(0).lastEpoch());
    }

    @Override
    void stepTo(@Nullable Long epoch) {
        atomically(schedulers(), () -> schedulers().forEach(LRScheduler::step));
        note();
    }

    @Override
    void declareProgress(SchedulerState state) {
        super.declareProgress(state);
        state.afterLoading(() -> setLastEpoch(schedulers().get(0).lastEpoch()));
    }
}
