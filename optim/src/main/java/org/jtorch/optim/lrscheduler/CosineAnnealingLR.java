package org.jtorch.optim.lrscheduler;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;

/**
 * Lets the learning rate of each group fall from its initial value to {@code etaMin} on half a cosine of {@code tMax} epochs, and rise
 * again after that:
 * {@code etaMin + (lr - etaMin) (1 + cos(pi epoch / tMax)) / 2}.
 *
 * <pre>{@code
 * var scheduler = new CosineAnnealingLR(optimizer, 80, o -> o.etaMin(3e-5));
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html">CosineAnnealingLR</a>
 */
public final class CosineAnnealingLR extends LRScheduler {

    /** The optional arguments of {@link CosineAnnealingLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private double etaMin = 0;

        private Options() {}

        /** Sets the least learning rate; the default is 0. */
        public Options etaMin(double newEtaMin) {
            etaMin = newEtaMin;
            return this;
        }
    }

    private long tMax;
    private double etaMin;

    /** Creates a schedule with the default options. */
    public CosineAnnealingLR(Optimizer<?> optimizer, long tMax) {
        this(optimizer, tMax, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param tMax the number of epochs of the fall, at least 1
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code tMax} is less than 1
     */
    public CosineAnnealingLR(Optimizer<?> optimizer, long tMax, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        this.tMax = Arguments.positive("T_max", tMax);
        etaMin = o.etaMin;
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        if (isInitial()) {
            return lrs();
        }
        if (stepCount() == 1 && lastEpoch() > 0) {
            return getClosedFormLr();
        }
        double[] lrs = lrs();
        if ((lastEpoch() - 1 - tMax) % (2 * tMax) == 0) {
            double rise = 1 - Math.cos(Math.PI / tMax);
            double[] baseLrs = baseLrs();
            for (int i = 0; i < lrs.length; i++) {
                lrs[i] += (baseLrs[i] - etaMin) * rise / 2;
            }
            return lrs;
        }
        double factor =
                (1 + Math.cos(Math.PI * lastEpoch() / tMax)) / (1 + Math.cos(Math.PI * (lastEpoch() - 1) / tMax));
        for (int i = 0; i < lrs.length; i++) {
            lrs[i] = factor * (lrs[i] - etaMin) + etaMin;
        }
        return lrs;
    }

    @Override
    protected double[] getClosedFormLr() {
        double height = 1 + Math.cos(Math.PI * lastEpoch() / tMax);
        return Arrays.stream(baseLrs())
                .map(baseLr -> etaMin + (baseLr - etaMin) * height / 2)
                .toArray();
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.positive("T_max", () -> tMax, value -> tMax = value);
        state.number("eta_min", () -> etaMin, value -> etaMin = value);
    }
}
