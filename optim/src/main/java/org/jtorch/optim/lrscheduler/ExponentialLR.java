package org.jtorch.optim.lrscheduler;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;

/**
 * Multiplies the learning rate of each group with {@code gamma} in every epoch.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html">ExponentialLR</a>
 */
public final class ExponentialLR extends LRScheduler {

    /** The optional argument of {@link ExponentialLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private Options() {}
    }

    private double gamma;

    /** Creates a schedule with the default options. */
    public ExponentialLR(Optimizer<?> optimizer, double gamma) {
        this(optimizer, gamma, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param gamma the factor
     * @param options sets the optional arguments
     */
    public ExponentialLR(Optimizer<?> optimizer, double gamma, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        this.gamma = gamma;
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        return isInitial() ? lrs() : lrsTimes(gamma);
    }

    @Override
    protected double @Nullable [] getClosedFormLr() {
        return baseLrsTimes(Math.pow(gamma, lastEpoch()));
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.number("gamma", () -> gamma, value -> gamma = value);
    }
}
