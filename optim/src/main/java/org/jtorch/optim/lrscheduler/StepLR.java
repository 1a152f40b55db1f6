package org.jtorch.optim.lrscheduler;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;

/**
 * Multiplies the learning rate of each group with {@code gamma} every {@code stepSize} epochs.
 *
 * <pre>{@code
 * // lr 0.05 in epochs 0 to 29, 0.005 in 30 to 59, 0.0005 in 60 to 89, ...
 * var scheduler = new StepLR(optimizer, 30, o -> o.gamma(0.1));
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html">StepLR</a>
 */
public final class StepLR extends LRScheduler {

    /** The optional arguments of {@link StepLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private double gamma = 0.1;

        private Options() {}

        /** Sets the factor; the default is 0.1. */
        public Options gamma(double newGamma) {
            gamma = newGamma;
            return this;
        }
    }

    private long stepSize;
    private double gamma;

    /** Creates a schedule with the default options. */
    public StepLR(Optimizer<?> optimizer, long stepSize) {
        this(optimizer, stepSize, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param stepSize the number of epochs with the same learning rate, at least 1
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code stepSize} is less than 1
     */
    public StepLR(Optimizer<?> optimizer, long stepSize, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        this.stepSize = Arguments.positive("step_size", stepSize);
        this.gamma = o.gamma;
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        return lastEpoch() == 0 || lastEpoch() % stepSize != 0 ? lrs() : lrsTimes(gamma);
    }

    @Override
    protected double @Nullable [] getClosedFormLr() {
        return baseLrsTimes(Math.pow(gamma, Math.floorDiv(lastEpoch(), stepSize)));
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.positive("step_size", () -> stepSize, value -> stepSize = value);
        state.number("gamma", () -> gamma, value -> gamma = value);
    }
}
