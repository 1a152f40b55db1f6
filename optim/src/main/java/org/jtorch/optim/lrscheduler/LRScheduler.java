package org.jtorch.optim.lrscheduler;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.Warnings;
import org.jtorch.nn.state.Stateful;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;

/**
 * Changes the learning rates of an optimizer during training: the base class of every schedule. A schedule sets the learning rates
 * of its first epoch when it is created, and those of the next epoch in each {@link #step}. An epoch is whatever happens between
 * two calls of {@code step}: a pass over the data, or a single batch.
 *
 * <pre>{@code
 * var scheduler = new StepLR(optimizer, 30);
 * for (int epoch = 0; epoch < 90; epoch++) {
 *     // ... for each batch: optimizer.step()
 *     scheduler.step();
 * }
 * }</pre>
 *
 * <p><b>Writing a schedule.</b> A subclass computes the learning rates in {@link #getLr}, and calls {@link #start} at the end of
 * its constructor. If it has settings, {@link #declareState} names them, so that they are saved.
 *
 * <pre>{@code
 * final class InverseRoot extends LRScheduler {
 *     private double warmup;
 *
 *     InverseRoot(Optimizer<?> optimizer, double warmup) {
 *         super(optimizer);
 *         this.warmup = warmup;
 *         start();
 *     }
 *
 *     @Override
 *     protected double[] getLr() {
 *         double factor = 1 / Math.sqrt(1 + lastEpoch() / warmup);
 *         return Arrays.stream(baseLrs()).map(lr -> lr * factor).toArray();
 *     }
 *
 *     @Override
 *     protected void declareState(SchedulerState state) {
 *         state.number("warmup", () -> warmup, value -> warmup = value);
 *     }
 * }
 * }</pre>
 *
 * <p>Creating a schedule changes the learning rates of the optimizer. To go on with a saved run, create the schedule first, and then
 * load the states of the optimizer and of the schedule.
 *
 * @see <a href="https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate">torch.optim.lr_scheduler</a>
 */
public abstract class LRScheduler implements Stateful {

    static final String INITIAL_LR = "initial_lr";

    static final String EPOCH_DEPRECATED = "The epoch parameter in `scheduler.step()` was not necessary and is being"
            + " deprecated where possible. Please use `scheduler.step()` to step the scheduler. During the deprecation, if"
            + " epoch is different from None, the closed form is used instead of the new chainable form, where available."
            + " Please open an issue if you are unable to replicate your use case:"
            + " https://github.com/pytorch/pytorch/issues/new/choose.";

    static final String STEP_BEFORE_OPTIMIZER =
            "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch"
                    + " 1.1.0 and later, you should call them in the opposite order: `optimizer.step()` before"
                    + " `lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the first value of the learning"
                    + " rate schedule. See more details at"
                    + " https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate";

    private final Optimizer<?> optimizer;
    private final OptimizerSteps optimizerSteps;

    /** Null until the schedule has started. */
    private double @Nullable [] lastLrs;

    private double[] baseLrs = {};
    private long lastEpoch = -1;
    private long stepCount;
    private boolean initial;

    /**
     * Creates a schedule, which must be started at the end of the subclass's constructor.
     *
     * @param optimizer the optimizer whose learning rates are changed
     */
    protected LRScheduler(Optimizer<?> optimizer) {
        this.optimizer = Objects.requireNonNull(optimizer, "the optimizer is null");
        this.optimizerSteps = OptimizerSteps.of(optimizer);
    }

    // --- what a subclass writes --------------------------------------------------------------------------------

    /**
     * Returns the learning rates of {@link #lastEpoch}, one for each group. Most schedules compute them from the current ones,
     * {@link #lrs}, so that several schedules and changes by hand work together; others from {@link #baseLrs}.
     */
    protected abstract double[] getLr();

    /**
     * Returns the learning rates of {@link #lastEpoch} computed from {@link #baseLrs} only, for {@link #step(long)}; or null if
     * there is no such form, which is the default.
     */
    protected double @Nullable [] getClosedFormLr() {
        return null;
    }

    /**
     * Declares the settings and counters of a subclass, which are saved and loaded with those of this class. The default declares
     * nothing.
     *
     * @param state receives the declarations
     */
    protected void declareState(SchedulerState state) {}

    /**
     * Sets the learning rates of the first epoch. A constructor calls this or {@link #start(long)} at its end.
     *
     * @throws IllegalStateException if the learning rates cannot be computed
     */
    protected final void start() {
        start(-1);
    }

    /**
     * Sets the learning rates of the first epoch, or continues a schedule.
     *
     * @param lastEpoch the last epoch of the schedule that is continued; -1 for a new schedule
     * @throws IllegalArgumentException if a schedule is continued, but the optimizer has no initial learning rates since its state
     *     was not loaded
     * @throws IllegalStateException if the learning rates cannot be computed
     */
    protected final void start(long lastEpoch) {
        start(lastEpoch, () -> {});
    }

    /**
     * Sets the learning rates of the first epoch after a change of the groups, which is undone if that fails.
     *
     * @param prepare changes the groups
     */
    final void start(long lastEpoch, Runnable prepare) {
        if (lastEpoch < -1) {
            throw new IllegalArgumentException("last_epoch is " + lastEpoch
                    + ", but must be -1 for a new schedule, or the last epoch to continue");
        }
        GroupValues.Saved before = GroupValues.save(optimizer);
        try {
            prepare.run();
            keepInitialLrs(lastEpoch);
            baseLrs = GroupValues.extras(optimizer, INITIAL_LR);
            this.lastEpoch = lastEpoch;
            initialStep();
        } catch (Throwable e) {
            before.restore();
            throw e;
        }
    }

    private void keepInitialLrs(long lastEpoch) {
        int index = 0;
        for (ParamGroup<?> group : optimizer.groups()) {
            if (lastEpoch == -1) {
                group.extras().putIfAbsent(INITIAL_LR, GroupValues.lr(group));
            } else if (!group.extras().containsKey(INITIAL_LR)) {
                throw new IllegalArgumentException("param 'initial_lr' is not specified in param_groups[" + index
                        + "] when resuming scheduler with last_epoch >= 0.\n"
                        + "This typically happens when:\n"
                        + "1. You're trying to resume training from a checkpoint but haven't properly loaded the optimizer"
                        + " state\n"
                        + "2. You're using last_epoch >= 0 for a fresh training run (not recommended)");
            }
            index++;
        }
    }

    /** Makes the first step, which does not count as one after the optimizer's. */
    final void initialStep() {
        stepCount = 0;
        initial = true;
        try {
            stepTo(null);
        } finally {
            initial = false;
        }
    }

    // --- for subclasses ----------------------------------------------------------------------------------------

    /** Returns the current learning rates of the groups. */
    protected final double[] lrs() {
        return GroupValues.lrs(optimizer);
    }

    /** Returns the initial learning rates of the groups. */
    protected final double[] baseLrs() {
        return baseLrs.clone();
    }

    /** Returns whether the schedule is being started, so that {@link #getLr} computes the learning rates of the first epoch. */
    protected final boolean isInitial() {
        return initial;
    }

    /** Returns the number of steps, with the current one and the one that was made when the schedule was started. */
    protected final long stepCount() {
        return stepCount;
    }

    /** Returns the current learning rates times a factor. */
    final double[] lrsTimes(double factor) {
        return times(lrs(), factor);
    }

    /** Returns the initial learning rates times a factor. */
    final double[] baseLrsTimes(double factor) {
        return times(baseLrs, factor);
    }

    private static double[] times(double[] values, double factor) {
        return Arrays.stream(values).map(value -> value * factor).toArray();
    }

    final void setBaseLrs(double[] newBaseLrs) {
        baseLrs = newBaseLrs;
    }

    final void setLastEpoch(long newLastEpoch) {
        lastEpoch = newLastEpoch;
    }

    final void setStepCount(long newStepCount) {
        stepCount = newStepCount;
    }

    final void setLastLrs(double[] newLastLrs) {
        lastLrs = newLastLrs;
    }

    // --- what users call ---------------------------------------------------------------------------------------

    /** Returns the optimizer whose learning rates are changed. */
    public final Optimizer<?> optimizer() {
        return optimizer;
    }

    /** Returns the epoch for which the learning rates were computed, from 0. */
    public final long lastEpoch() {
        return lastEpoch;
    }

    /** Returns the learning rates that this schedule computed last, one for each group. */
    public final List<Double> getLastLr() {
        return GroupValues.boxed(started());
    }

    private double[] started() {
        double[] last = lastLrs;
        if (last == null) {
            throw new IllegalStateException(
                    getClass().getName() + " was not started: its constructor must call start() at its end");
        }
        return last;
    }

    /**
     * Sets the learning rates of the next epoch. It is called after the optimizer's steps of the epoch. If the learning rates cannot
     * be computed, nothing is changed.
     *
     * @throws IllegalStateException if a learning rate is not a number, or there is not one for each group
     */
    public void step() {
        started();
        stepTo(null);
    }

    /**
     * Sets the learning rates of an epoch. The closed form is used if the schedule has one.
     *
     * @param epoch the epoch, from 0
     * @throws IllegalArgumentException if the epoch is negative
     * @throws IllegalStateException if a learning rate is not a number, or there is not one for each group
     * @deprecated as in PyTorch; {@link #step()} is enough
     */
    @Deprecated
    public void step(long epoch) {
        started();
        if (epoch < 0) {
            throw new IllegalArgumentException("Expected non-negative epoch, but got " + epoch);
        }
        stepTo(epoch);
    }

    /** Makes a step. Composed schedules override this. */
    void stepTo(@Nullable Long epoch) {
        if (stepCount == 1 && !optimizerSteps.any()) {
            Warnings.once(LRScheduler.class, STEP_BEFORE_OPTIMIZER);
        }
        if (epoch != null) {
            Warnings.once(LRScheduler.class, EPOCH_DEPRECATED);
        }
        stepCount++;
        try {
            updateLr(epoch);
        } catch (Throwable e) {
            stepCount--;
            throw e;
        }
    }

    /** Sets the learning rates of the next epoch, or of the given one. */
    final void updateLr(@Nullable Long epoch) {
        long before = lastEpoch;
        GroupValues.Saved groups = GroupValues.save(optimizer);
        try {
            lastEpoch = epoch == null ? before + 1 : epoch;
            double[] closed = epoch == null ? null : getClosedFormLr();
            setLrs(closed == null ? getLr() : closed);
        } catch (Throwable e) {
            lastEpoch = before;
            groups.restore();
            throw e;
        }
    }

    /** Sets the learning rates of the groups. */
    final void setLrs(double[] values) {
        List<? extends ParamGroup<?>> groups = optimizer.groups();
        String name = getClass().getSimpleName();
        if (values.length != groups.size()) {
            throw new IllegalStateException(
                    name + " computed " + values.length + " learning rates, but the optimizer has " + groups.size()
                            + " groups: create a new schedule if a group was added");
        }
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalStateException(name + " computed a learning rate that is not a number, for group " + i
                        + " in epoch " + lastEpoch + ": check its arguments");
            }
        }
        for (int i = 0; i < values.length; i++) {
            GroupValues.setLr(groups.get(i), values[i]);
        }
        lastLrs = values.clone();
    }

    // --- state -------------------------------------------------------------------------------------------------

    /**
     * Returns the state of the schedule, as PyTorch's {@code scheduler.state_dict()}. {@code Checkpoint.save} writes it, and
     * PyTorch's schedule of the same name loads it. Functions are not part of it. The learning rates themselves are in the state of
     * the optimizer, which must be saved too.
     */
    @Override
    public final Map<String, @Nullable Object> stateDict() {
        started();
        return state().save();
    }

    /**
     * Replaces the state by one that {@link #stateDict} or PyTorch's {@code scheduler.state_dict()} returned. If it does not fit,
     * nothing is changed. The state of the optimizer, which has the learning rates, is loaded by the optimizer.
     *
     * @throws IllegalArgumentException if a value is missing or has another type, if there are values of another number of groups,
     *     or if the state is that of another class
     */
    @Override
    public final void loadStateDict(Map<?, ?> stateDict) {
        started();
        state().load(stateDict).run();
    }

    final SchedulerState state() {
        SchedulerState state = new SchedulerState(
                getClass().getSimpleName(), optimizer.groups().size());
        declareState(state);
        declareProgress(state);
        return state;
    }

    /** Declares the state of this class. Schedules for which PyTorch saves less override this. */
    void declareProgress(SchedulerState state) {
        state.numbers("base_lrs", () -> baseLrs, this::setBaseLrs);
        declareLastEpoch(state);
        state.integer("_step_count", () -> stepCount, this::setStepCount);
        state.passing("_is_initial", false);
        state.passing("_get_lr_called_within_step", false);
        declareLastLr(state);
    }

    final void declareLastEpoch(SchedulerState state) {
        state.integer("last_epoch", () -> lastEpoch, this::setLastEpoch);
    }

    final void declareLastLr(SchedulerState state) {
        state.numbers("_last_lr", this::started, this::setLastLrs);
    }
}
