package org.jtorch.optim.lrscheduler;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;

/**
 * Runs several schedules one after the other. Each begins with its first epoch when its milestone is reached.
 *
 * <pre>{@code
 * // a warm-up of 20 epochs, then a cosine
 * var scheduler = new SequentialLR(
 *         optimizer,
 *         List.of(new LinearLR(optimizer, o -> o.totalIters(20)), new CosineAnnealingLR(optimizer, 80)),
 *         List.of(20));
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html">SequentialLR</a>
 */
public final class SequentialLR extends ComposedScheduler {

    /** The optional argument of {@link SequentialLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private Options() {}
    }

    private List<Long> milestones;

    /** Creates a schedule with the default option. */
    public SequentialLR(Optimizer<?> optimizer, List<? extends LRScheduler> schedulers, List<Integer> milestones) {
        this(optimizer, schedulers, milestones, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer of all schedules
     * @param schedulers the schedules in their order, at least one; only the first may be a {@code SequentialLR} or
     *     {@code ChainedScheduler}
     * @param milestones the epochs in which the second and further schedules begin, in rising order
     * @param options sets the optional argument
     * @throws IllegalArgumentException if there is no schedule, they have different optimizers, one is a
     *     {@code ReduceLROnPlateau}, which needs a metric, or the milestones do not fit
     */
    public SequentialLR(
            Optimizer<?> optimizer,
            List<? extends LRScheduler> schedulers,
            List<Integer> milestones,
            Consumer<Options> options) {
        super(optimizer, schedulers);
        Options o = Customized.of(new Options(), options);
        this.milestones = milestones.stream().map(Integer::longValue).toList();
        check();
        LRScheduler first = schedulers().get(reached(0));
        double[] initial = GroupValues.extras(optimizer, INITIAL_LR);
        atomically(schedulers(), () -> {
            int i = 0;
            for (ParamGroup<?> group : optimizer.groups()) {
                GroupValues.setLr(group, initial[i++]);
            }
            undo();
            first.initialStep();
        });
        setLastEpoch(o.lastEpoch() + 1);
        note(first);
    }

    private void check() {
        int count = schedulers().size();
        if (count < 1) {
            throw new IllegalArgumentException("SequentialLR expects at least one scheduler, but got no scheduler.");
        }
        for (int i = 1; i < count; i++) {
            if (schedulers().get(i) instanceof ComposedScheduler composed) {
                throw new IllegalArgumentException("SequentialLR cannot begin a "
                        + composed.getClass().getSimpleName() + " at a milestone, but got one at index " + i
                        + ": put its schedules into this one");
            }
        }
        if (milestones.size() != count - 1) {
            throw new IllegalArgumentException(
                    "Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone"
                            + " points, but got number of schedulers " + count
                            + " and the number of milestones to be equal to " + milestones.size());
        }
        checkRising(milestones);
    }

    private static void checkRising(List<Long> milestones) {
        for (int i = 1; i < milestones.size(); i++) {
            if (milestones.get(i) < milestones.get(i - 1)) {
                throw new IllegalArgumentException("the milestones must be in rising order, but are " + milestones);
            }
        }
    }

    /** Returns the number of milestones up to an epoch. */
    private int reached(long epoch) {
        return (int) milestones.stream().filter(milestone -> milestone <= epoch).count();
    }

    private void note(LRScheduler current) {
        setLastLrs(current.getLastLr().stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    void stepTo(@Nullable Long epoch) {
        long next = lastEpoch() + 1;
        int index = reached(next);
        LRScheduler scheduler = schedulers().get(index);
        atomically(List.of(scheduler), () -> {
            if (index > 0 && milestones.get(index - 1) == next) {
                scheduler.updateLr(0L);
            } else {
                scheduler.step();
            }
        });
        setLastEpoch(next);
        note(scheduler);
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.add("_milestones", () -> milestones, value -> {
            List<Long> read = state.readList("_milestones", value).stream()
                    .map(milestone -> state.readInteger("_milestones", milestone))
                    .toList();
            if (read.size() != milestones.size()) {
                throw state.wrong("_milestones", milestones.size() + " milestones", value);
            }
            checkRising(read);
            return () -> milestones = read;
        });
    }

    @Override
    void declareProgress(SchedulerState state) {
        declareLastEpoch(state);
        super.declareProgress(state);
    }
}
