package org.jtorch.optim.lrscheduler;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;

/**
 * Multiplies the learning rate of each group with {@code factor} until epoch {@code totalIters}, and restores it then.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html">ConstantLR</a>
 */
public final class ConstantLR extends LRScheduler {

    /** The optional arguments of {@link ConstantLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private double factor = 1.0 / 3;
        private long totalIters = 5;

        private Options() {}

        /** Sets the factor, from 0 to 1; the default is 1/3. */
        public Options factor(double newFactor) {
            factor = newFactor;
            return this;
        }

        /** Sets the epoch in which the factor ends; the default is 5. */
        public Options totalIters(long newTotalIters) {
            totalIters = newTotalIters;
            return this;
        }
    }

    private double factor;
    private long totalIters;

    /** Creates a schedule with the default options. */
    public ConstantLR(Optimizer<?> optimizer) {
        this(optimizer, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the factor is not from 0 to 1
     */
    public ConstantLR(Optimizer<?> optimizer, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        if (!(o.factor >= 0 && o.factor <= 1)) {
            throw new IllegalArgumentException("Constant multiplicative factor expected to be between 0 and 1.");
        }
        factor = o.factor;
        totalIters = o.totalIters;
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        if (lastEpoch() == 0) {
            return lrsTimes(factor);
        }
        return lastEpoch() == totalIters ? lrsTimes(1 / factor) : lrs();
    }

    @Override
    protected double @Nullable [] getClosedFormLr() {
        return baseLrsTimes(factor + (lastEpoch() >= totalIters ? 1 - factor : 0));
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.number("factor", () -> factor, value -> factor = value);
        state.integer("total_iters", () -> totalIters, value -> totalIters = value);
    }
}
