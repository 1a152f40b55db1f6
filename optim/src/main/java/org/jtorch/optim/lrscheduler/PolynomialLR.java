package org.jtorch.optim.lrscheduler;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;

/**
 * Lets the learning rate of each group fall to 0 as {@code (1 - epoch / totalIters)^power}. It stays there after epoch
 * {@code totalIters}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html">PolynomialLR</a>
 */
public final class PolynomialLR extends LRScheduler {

    /** The optional arguments of {@link PolynomialLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private long totalIters = 5;
        private double power = 1;

        private Options() {}

        /** Sets the epoch in which 0 is reached; the default is 5. */
        public Options totalIters(long newTotalIters) {
            totalIters = newTotalIters;
            return this;
        }

        /** Sets the exponent; the default is 1. */
        public Options power(double newPower) {
            power = newPower;
            return this;
        }
    }

    private long totalIters;
    private double power;

    /** Creates a schedule with the default options. */
    public PolynomialLR(Optimizer<?> optimizer) {
        this(optimizer, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param options sets the optional arguments
     */
    public PolynomialLR(Optimizer<?> optimizer, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        totalIters = o.totalIters;
        power = o.power;
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        if (isInitial() || lastEpoch() > totalIters) {
            return lrs();
        }
        double total = totalIters;
        return lrsTimes(Math.pow((1 - lastEpoch() / total) / (1 - (lastEpoch() - 1) / total), power));
    }

    @Override
    protected double @Nullable [] getClosedFormLr() {
        return baseLrsTimes(Math.pow(1 - Math.min(totalIters, lastEpoch()) / (double) totalIters, power));
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.integer("total_iters", () -> totalIters, value -> totalIters = value);
        state.number("power", () -> power, value -> power = value);
    }
}
