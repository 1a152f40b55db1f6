package org.jtorch.optim.lrscheduler;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.Warnings;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;

/**
 * Multiplies the learning rate of each group with {@code factor} if a metric has not improved for more than {@code patience}
 * epochs. A metric that is NaN counts as not improved.
 *
 * <pre>{@code
 * var scheduler = new ReduceLROnPlateau(optimizer, o -> o.factor(0.5).patience(3));
 * for (int epoch = 0; epoch < epochs; epoch++) {
 *     // ... train
 *     scheduler.step(validationLoss);
 * }
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html">ReduceLROnPlateau</a>
 */
public final class ReduceLROnPlateau extends LRScheduler {

    /** Which metrics are better. */
    public enum Mode {
        /** Smaller ones, such as losses. */
        MIN,
        /** Greater ones, such as accuracies. */
        MAX
    }

    /** How the threshold is meant. */
    public enum ThresholdMode {
        /** As a part of the best metric. */
        REL,
        /** As a difference from it. */
        ABS
    }

    /** The optional arguments of {@link ReduceLROnPlateau}. */
    public static final class Options {
        private Mode mode = Mode.MIN;
        private double factor = 0.1;
        private long patience = 10;
        private double threshold = 1e-4;
        private ThresholdMode thresholdMode = ThresholdMode.REL;
        private long cooldown;
        private PerGroup minLr = PerGroup.of(0);
        private double eps = 1e-8;

        private Options() {}

        /** Sets which metrics are better; the default is {@link Mode#MIN}. */
        public Options mode(Mode newMode) {
            mode = newMode;
            return this;
        }

        /** Sets the factor, less than 1; the default is 0.1. */
        public Options factor(double newFactor) {
            factor = newFactor;
            return this;
        }

        /** Sets the number of epochs without improvement after which one more reduces the learning rate; the default is 10. */
        public Options patience(long newPatience) {
            patience = newPatience;
            return this;
        }

        /** Sets by how much a metric must be better to count as an improvement; the default is 1e-4. */
        public Options threshold(double newThreshold) {
            threshold = newThreshold;
            return this;
        }

        /** Sets how the threshold is meant; the default is {@link ThresholdMode#REL}. */
        public Options thresholdMode(ThresholdMode newThresholdMode) {
            thresholdMode = newThresholdMode;
            return this;
        }

        /** Sets the number of epochs after a reduction that are not counted; the default is 0. */
        public Options cooldown(long newCooldown) {
            cooldown = newCooldown;
            return this;
        }

        /** Sets the least learning rate of all groups; the default is 0. */
        public Options minLr(double newMinLr) {
            minLr = PerGroup.of(newMinLr);
            return this;
        }

        /** Sets the least learning rate of each group. */
        public Options minLr(List<Double> newMinLr) {
            minLr = PerGroup.of(newMinLr);
            return this;
        }

        /** Sets the change of a learning rate up to which it is not reduced; the default is 1e-8. */
        public Options eps(double newEps) {
            eps = newEps;
            return this;
        }
    }

    private double factor;

    /** The least learning rate of all groups; null if there is one for each. */
    private @Nullable Double defaultMinLr;

    private double[] minLrs;
    private long patience;
    private long cooldown;
    private double eps;
    private Mode mode;
    private double threshold;
    private ThresholdMode thresholdMode;
    private double best;
    private long cooldownCounter;
    private long numBadEpochs;

    /** Creates a schedule with the default options. */
    public ReduceLROnPlateau(Optimizer<?> optimizer) {
        this(optimizer, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if the factor is not less than 1, or {@code minLr} does not have one value for each group
     */
    public ReduceLROnPlateau(Optimizer<?> optimizer, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        if (!(o.factor < 1)) {
            throw new IllegalArgumentException("Factor should be < 1.0.");
        }
        int groups = optimizer.groups().size();
        if (!o.minLr.single() && o.minLr.size() != groups) {
            throw new IllegalArgumentException("expected " + groups + " min_lrs, got " + o.minLr.size());
        }
        factor = o.factor;
        minLrs = o.minLr.values("min_lr", optimizer);
        defaultMinLr = o.minLr.single() ? Double.valueOf(minLrs[0]) : null;
        patience = o.patience;
        cooldown = o.cooldown;
        eps = o.eps;
        mode = Objects.requireNonNull(o.mode, "the mode is null");
        threshold = o.threshold;
        thresholdMode = Objects.requireNonNull(o.thresholdMode, "the threshold mode is null");
        best = worst();
        setLastEpoch(0);
        setLastLrs(lrs());
    }

    private double worst() {
        return mode == Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    /** Returns the best metric so far. */
    public double best() {
        return best;
    }

    /** Returns the number of epochs since the metric improved, or since the last reduction. */
    public long numBadEpochs() {
        return numBadEpochs;
    }

    /** Returns whether epochs are not counted at present. */
    public boolean inCooldown() {
        return cooldownCounter > 0;
    }

    /**
     * Refuses a step without a metric.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public void step() {
        throw new UnsupportedOperationException(
                "ReduceLROnPlateau.step() missing 1 required positional argument: 'metrics'");
    }

    /** Counts an epoch with a metric that is a whole number; see {@link #step(double)}. */
    @Override
    @SuppressWarnings("deprecation") // It is a metric here, not an epoch.
    public void step(long metrics) {
        step((double) metrics);
    }

    /**
     * Counts an epoch with a metric; see {@link #step(double)}.
     *
     * @param metrics a tensor of one element
     */
    public void step(Tensor metrics) {
        step(metrics.item());
    }

    /**
     * Counts an epoch, and reduces the learning rates if the metric has not improved for too long.
     *
     * @param metrics the metric of the epoch, such as the loss of the validation data
     * @throws IllegalStateException if {@code minLr} was given for each group and a group was added
     */
    public void step(double metrics) {
        advance(metrics, lastEpoch() + 1);
    }

    /**
     * Counts an epoch with a number of one's own.
     *
     * @param metrics the metric of the epoch
     * @param epoch the number of the epoch
     * @throws IllegalStateException if {@code minLr} was given for each group and a group was added
     * @deprecated as in PyTorch; {@link #step(double)} is enough
     */
    @Deprecated
    public void step(double metrics, long epoch) {
        Warnings.once(LRScheduler.class, EPOCH_DEPRECATED);
        advance(metrics, epoch);
    }

    private void advance(double metric, long epoch) {
        boolean better = isBetter(metric);
        boolean cooling = inCooldown();
        long bad = better || cooling ? 0 : numBadEpochs + 1;
        boolean reduce = bad > patience;
        if (reduce) {
            reduce(); // first, since it may fail
        }
        setLastEpoch(epoch);
        if (better) {
            best = metric;
        }
        if (cooling) {
            cooldownCounter--;
        }
        if (reduce) {
            cooldownCounter = cooldown;
        }
        numBadEpochs = reduce ? 0 : bad;
        setLastLrs(lrs());
    }

    private boolean isBetter(double metric) {
        boolean relative = thresholdMode == ThresholdMode.REL;
        return mode == Mode.MIN
                ? metric < (relative ? best * (1 - threshold) : best - threshold)
                : metric > (relative ? best * (threshold + 1) : best + threshold);
    }

    private void reduce() {
        List<? extends ParamGroup<?>> groups = optimizer().groups();
        if (groups.size() != minLrs.length) {
            if (defaultMinLr == null) {
                throw new IllegalStateException("The number of param groups in the `optimizer` (" + groups.size()
                        + ") differs from when `ReduceLROnPlateau` was initialized (" + minLrs.length
                        + "), usually due to a new param group being added to the optimizer. Create a new schedule, or give"
                        + " one minLr for all groups.");
            }
            minLrs = new double[groups.size()];
            Arrays.fill(minLrs, defaultMinLr);
        }
        for (int i = 0; i < minLrs.length; i++) {
            double before = GroupValues.lr(groups.get(i));
            double after = Math.max(before * factor, minLrs[i]);
            if (before - after > eps) {
                GroupValues.setLr(groups.get(i), after);
            }
        }
    }

    @Override
    protected double[] getLr() {
        throw new UnsupportedOperationException("ReduceLROnPlateau computes learning rates from metrics only");
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.number("factor", () -> factor, value -> factor = value);
        state.addOptional("default_min_lr", () -> defaultMinLr, value -> {
            Double read = value == null ? null : Double.valueOf(state.readNumber("default_min_lr", value));
            return () -> defaultMinLr = read;
        });
        state.numbers("min_lrs", () -> minLrs, value -> minLrs = value);
        state.integer("patience", () -> patience, value -> patience = value);
        state.integer("cooldown", () -> cooldown, value -> cooldown = value);
        state.number("eps", () -> eps, value -> eps = value);
    }

    @Override
    void declareProgress(SchedulerState state) {
        declareLastEpoch(state);
        declareLastLr(state);
        state.passing("mode_worse", worst());
        state.choice("mode", "mode", Mode.class, () -> mode, value -> mode = value);
        state.number("threshold", () -> threshold, value -> threshold = value);
        state.choice(
                "threshold_mode",
                "threshold mode",
                ThresholdMode.class,
                () -> thresholdMode,
                value -> thresholdMode = value);
        state.number("best", () -> best, value -> best = value);
        state.integer("cooldown_counter", () -> cooldownCounter, value -> cooldownCounter = value);
        state.integer("num_bad_epochs", () -> numBadEpochs, value -> numBadEpochs = value);
    }
}
