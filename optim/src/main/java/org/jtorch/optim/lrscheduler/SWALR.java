package org.jtorch.optim.lrscheduler;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;

/**
 * Changes the learning rate of each group to a fixed value, and keeps it: the schedule of stochastic weight averaging. Its steps
 * begin in the epoch in which averaging begins.
 *
 * @see org.jtorch.optim.swa.AveragedModel
 * @see <a href="https://arxiv.org/abs/1803.05407">Averaging weights leads to wider optima and better generalization, Izmailov and
 *     others 2018</a>
 * @see <a href="https://pytorch.org/docs/stable/optim.html#stochastic-weight-averaging">SWALR</a>
 */
public final class SWALR extends LRScheduler {

    private static final String SWA_LR = "swa_lr";

    /** The optional arguments of {@link SWALR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private long annealEpochs = 10;
        private AnnealStrategy annealStrategy = AnnealStrategy.COS;

        private Options() {}

        /** Sets the number of epochs of the change, at least 0; the default is 10. */
        public Options annealEpochs(long newAnnealEpochs) {
            annealEpochs = newAnnealEpochs;
            return this;
        }

        /** Sets how the learning rate changes; the default is {@link AnnealStrategy#COS}. */
        public Options annealStrategy(AnnealStrategy newAnnealStrategy) {
            annealStrategy = newAnnealStrategy;
            return this;
        }
    }

    private long annealEpochs;
    private AnnealStrategy strategy;

    /** Creates a schedule with the default options. */
    public SWALR(Optimizer<?> optimizer, double swaLr) {
        this(optimizer, swaLr, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param swaLr the final learning rate of all groups
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code annealEpochs} is negative
     */
    public SWALR(Optimizer<?> optimizer, double swaLr, Consumer<Options> options) {
        this(optimizer, PerGroup.of(swaLr), options);
    }

    /** Creates a schedule with the default options. */
    public SWALR(Optimizer<?> optimizer, List<Double> swaLr) {
        this(optimizer, swaLr, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param swaLr the final learning rate of each group
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code annealEpochs} is negative, or there is not one learning rate for each group
     */
    public SWALR(Optimizer<?> optimizer, List<Double> swaLr, Consumer<Options> options) {
        this(optimizer, PerGroup.of(swaLr), options);
    }

    private SWALR(Optimizer<?> optimizer, PerGroup swaLr, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        double[] swaLrs = swaLr.values(SWA_LR, optimizer);
        strategy = Objects.requireNonNull(o.annealStrategy, "the anneal strategy is null");
        annealEpochs = checked(o.annealEpochs);
        start(o.lastEpoch(), () -> {
            int i = 0;
            for (ParamGroup<?> group : optimizer.groups()) {
                group.extras().put(SWA_LR, swaLrs[i++]);
            }
        });
    }

    private static long checked(long annealEpochs) {
        if (annealEpochs < 0) {
            throw new IllegalArgumentException("anneal_epochs must be equal or greater than 0, got " + annealEpochs);
        }
        return annealEpochs;
    }

    @Override
    protected double[] getLr() {
        long step = annealEpochs == 0 ? Math.max(1, stepCount() - 1) : stepCount() - 1;
        double before = done(step - 1);
        double now = done(step);
        double[] lrs = lrs();
        double[] swaLrs = GroupValues.extras(optimizer(), SWA_LR);
        for (int i = 0; i < lrs.length; i++) {
            double first = before == 1 ? swaLrs[i] : (lrs[i] - before * swaLrs[i]) / (1 - before);
            lrs[i] = swaLrs[i] * now + first * (1 - now);
        }
        return lrs;
    }

    /** Returns the part of the change that is done in a step. */
    private double done(long step) {
        return strategy.done(Math.max(0, Math.min(1, step / (double) Math.max(1, annealEpochs))));
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.choice(
                "_anneal_strategy", "anneal strategy", AnnealStrategy.class, () -> strategy, value -> strategy = value);
        state.add("anneal_epochs", () -> annealEpochs, value -> {
            long read = checked(state.readInteger("anneal_epochs", value));
            return () -> annealEpochs = read;
        });
    }
}
