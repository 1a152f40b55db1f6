package org.jtorch.optim.lrscheduler;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.optim.Optimizer;

/** A schedule that calls others: the base class of {@link SequentialLR} and {@link ChainedScheduler}. */
abstract sealed class ComposedScheduler extends LRScheduler permits SequentialLR, ChainedScheduler {

    private final List<LRScheduler> schedulers;

    /** Whether another composed schedule started this one, which PyTorch then notes in the state. */
    private boolean nested;

    ComposedScheduler(Optimizer<?> optimizer, List<? extends LRScheduler> schedulers) {
        super(optimizer);
        this.schedulers = List.copyOf(schedulers);
        String name = getClass().getSimpleName();
        for (int i = 0; i < schedulers.size(); i++) {
            LRScheduler scheduler = schedulers.get(i);
            if (scheduler instanceof ReduceLROnPlateau) {
                throw new IllegalArgumentException(
                        name + " does not support `ReduceLROnPlateau` scheduler as it requires"
                                + " additional kwargs to be specified when calling `step`, but got one at index " + i
                                + " in the given schedulers sequence.");
            }
            if (scheduler.optimizer() != optimizer) {
                throw new IllegalArgumentException(
                        name + " expects all schedulers to belong to the same optimizer, but got"
                                + " scheduler " + scheduler.getClass().getSimpleName() + " at index " + i + " has "
                                + scheduler.optimizer() + ", which is different from "
                                + optimizer.getClass().getSimpleName() + ".");
            }
        }
    }

    final List<LRScheduler> schedulers() {
        return schedulers;
    }

    /** Takes back the epoch that each schedule counted when it was created. */
    final void undo() {
        for (LRScheduler scheduler : schedulers) {
            if (scheduler instanceof ComposedScheduler composed) {
                composed.undo();
            } else {
                scheduler.setLastEpoch(scheduler.lastEpoch() - 1);
            }
        }
    }

    /** Makes a step of some schedules. If one fails, nothing is changed. */
    final void atomically(List<LRScheduler> changed, Runnable steps) {
        GroupValues.Saved groups = GroupValues.save(optimizer());
        List<Runnable> back = new ArrayList<>();
        for (LRScheduler scheduler : changed) {
            back.add(scheduler.state().load(scheduler.state().save()));
        }
        try {
            steps.run();
        } catch (Throwable e) {
            back.forEach(Runnable::run);
            groups.restore();
            throw e;
        }
        nested |= isInitial();
    }

    @Override
    protected double[] getLr() {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " computes no learning rates itself");
    }

    /**
     * Refuses to go to an epoch, as PyTorch does.
     *
     * @throws UnsupportedOperationException always
     * @deprecated as in PyTorch; only {@link #step()} is possible
     */
    @Override
    @Deprecated
    public void step(long epoch) {
        throw new UnsupportedOperationException(
                getClass().getSimpleName() + " cannot go to an epoch: call step() without an argument");
    }

    @Override
    void declareProgress(SchedulerState state) {
        declareLastLr(state);
        state.accept("_step_count", "_is_initial");
        if (nested) {
            state.passing("_step_count", 0L);
            state.passing("_is_initial", false);
        }
        state.nested("_schedulers", schedulers);
    }
}
