package org.jtorch.optim.lrscheduler;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;

/**
 * Multiplies the learning rate of each group with a factor that changes linearly from {@code startFactor} to {@code endFactor} until
 * epoch {@code totalIters}: a warm-up.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html">LinearLR</a>
 */
public final class LinearLR extends LRScheduler {

    /** The optional arguments of {@link LinearLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private double startFactor = 1.0 / 3;
        private double endFactor = 1;
        private long totalIters = 5;

        private Options() {}

        /** Sets the factor of the first epoch, greater than 0 and at most 1; the default is 1/3. */
        public Options startFactor(double newStartFactor) {
            startFactor = newStartFactor;
            return this;
        }

        /** Sets the factor at the end, from 0 to 1; the default is 1. */
        public Options endFactor(double newEndFactor) {
            endFactor = newEndFactor;
            return this;
        }

        /** Sets the epoch in which the end is reached; the default is 5. */
        public Options totalIters(long newTotalIters) {
            totalIters = newTotalIters;
            return this;
        }
    }

    private double startFactor;
    private double endFactor;
    private long totalIters;

    /** Creates a schedule with the default options. */
    public LinearLR(Optimizer<?> optimizer) {
        this(optimizer, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a factor is out of its range
     */
    public LinearLR(Optimizer<?> optimizer, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        if (!(o.startFactor > 0 && o.startFactor <= 1)) {
            throw new IllegalArgumentException(
                    "Starting multiplicative factor expected to be greater than 0 and less or equal to 1.");
        }
        if (!(o.endFactor >= 0 && o.endFactor <= 1)) {
            throw new IllegalArgumentException("Ending multiplicative factor expected to be between 0 and 1.");
        }
        startFactor = o.startFactor;
        endFactor = o.endFactor;
        totalIters = o.totalIters;
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        if (lastEpoch() == 0) {
            return lrsTimes(startFactor);
        }
        if (isInitial() || lastEpoch() > totalIters) {
            return lrs();
        }
        double change = endFactor - startFactor;
        return lrsTimes(1 + change / (totalIters * startFactor + (lastEpoch() - 1) * change));
    }

    @Override
    protected double @Nullable [] getClosedFormLr() {
        return baseLrsTimes(
                startFactor + (endFactor - startFactor) * Math.min(totalIters, lastEpoch()) / (double) totalIters);
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.number("start_factor", () -> startFactor, value -> startFactor = value);
        state.number("end_factor", () -> endFactor, value -> endFactor = value);
        state.integer("total_iters", () -> totalIters, value -> totalIters = value);
    }
}
