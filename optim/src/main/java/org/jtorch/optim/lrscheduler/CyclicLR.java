package org.jtorch.optim.lrscheduler;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;

/**
 * Lets the learning rate of each group rise from {@code baseLr} to {@code maxLr} and fall again, in cycles. The momentum falls and
 * rises at the same time, unless {@code cycleMomentum} is false. A step is made after each batch.
 *
 * @see <a href="https://arxiv.org/abs/1506.01186">Cyclical learning rates for training neural networks, Smith 2015</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html">CyclicLR</a>
 */
public final class CyclicLR extends LRScheduler {

    /** How the height of the cycles changes. */
    public enum Mode {
        /** It stays the same. */
        TRIANGULAR,
        /** It is halved after each cycle. */
        TRIANGULAR2,
        /** It is multiplied with {@code gamma} in each step. */
        EXP_RANGE
    }

    /** What a function of one's own is given. */
    public enum ScaleMode {
        /** The number of the cycle, from 1. */
        CYCLE,
        /** The number of steps since the start, from 0. */
        ITERATIONS
    }

    /** The optional arguments of {@link CyclicLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private long stepSizeUp = 2000;
        private @Nullable Long stepSizeDown;
        private Mode mode = Mode.TRIANGULAR;
        private double gamma = 1;
        private @Nullable DoubleUnaryOperator scaleFn;
        private ScaleMode scaleMode = ScaleMode.CYCLE;
        private boolean cycleMomentum = true;
        private PerGroup baseMomentum = PerGroup.of(0.8);
        private PerGroup maxMomentum = PerGroup.of(0.9);

        private Options() {}

        /** Sets the number of steps of the rise, at least 1; the default is 2000. */
        public Options stepSizeUp(long newStepSizeUp) {
            stepSizeUp = newStepSizeUp;
            return this;
        }

        /** Sets the number of steps of the fall, at least 1; the default is that of the rise. */
        public Options stepSizeDown(long newStepSizeDown) {
            stepSizeDown = newStepSizeDown;
            return this;
        }

        /** Sets how the height of the cycles changes; the default is {@link Mode#TRIANGULAR}. */
        public Options mode(Mode newMode) {
            mode = newMode;
            return this;
        }

        /** Sets the factor of {@link Mode#EXP_RANGE}; the default is 1. */
        public Options gamma(double newGamma) {
            gamma = newGamma;
            return this;
        }

        /** Sets a function that returns the height, from 0 to 1. The mode is then ignored. It is not saved. */
        public Options scaleFn(DoubleUnaryOperator newScaleFn) {
            scaleFn = newScaleFn;
            return this;
        }

        /** Sets what {@code scaleFn} is given; the default is {@link ScaleMode#CYCLE}. */
        public Options scaleMode(ScaleMode newScaleMode) {
            scaleMode = newScaleMode;
            return this;
        }

        /** Sets whether the momentum is changed too; the default is true. The optimizer must then have a momentum or betas. */
        public Options cycleMomentum(boolean newCycleMomentum) {
            cycleMomentum = newCycleMomentum;
            return this;
        }

        /** Sets the least momentum, which belongs to the greatest learning rate; the default is 0.8. */
        public Options baseMomentum(double newBaseMomentum) {
            baseMomentum = PerGroup.of(newBaseMomentum);
            return this;
        }

        /** Sets the least momentum of each group. */
        public Options baseMomentum(List<Double> newBaseMomentum) {
            baseMomentum = PerGroup.of(newBaseMomentum);
            return this;
        }

        /** Sets the greatest momentum, which belongs to the least learning rate; the default is 0.9. */
        public Options maxMomentum(double newMaxMomentum) {
            maxMomentum = PerGroup.of(newMaxMomentum);
            return this;
        }

        /** Sets the greatest momentum of each group. */
        public Options maxMomentum(List<Double> newMaxMomentum) {
            maxMomentum = PerGroup.of(newMaxMomentum);
            return this;
        }
    }

    private final @Nullable DoubleUnaryOperator scaleFn;
    private double[] maxLrs;
    private double totalSize;
    private double stepRatio;
    private Mode mode;
    private double gamma;
    private ScaleMode scaleMode;
    private boolean cycleMomentum;
    private boolean useBeta1;
    private double[] baseMomentums = {};
    private double[] maxMomentums = {};

    /** Creates a schedule with the default options. */
    public CyclicLR(Optimizer<?> optimizer, double baseLr, double maxLr) {
        this(optimizer, baseLr, maxLr, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param baseLr the least learning rate of all groups
     * @param maxLr the greatest learning rate of all groups
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a number of steps is less than 1, or the optimizer has no momentum and
     *     {@code cycleMomentum} is true
     */
    public CyclicLR(Optimizer<?> optimizer, double baseLr, double maxLr, Consumer<Options> options) {
        this(optimizer, PerGroup.of(baseLr), PerGroup.of(maxLr), options);
    }

    /** Creates a schedule with the default options. */
    public CyclicLR(Optimizer<?> optimizer, List<Double> baseLr, List<Double> maxLr) {
        this(optimizer, baseLr, maxLr, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param baseLr the least learning rate of each group
     * @param maxLr the greatest learning rate of each group
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a number of steps is less than 1, a list does not have one value for each group, or
     *     the optimizer has no momentum and {@code cycleMomentum} is true
     */
    public CyclicLR(Optimizer<?> optimizer, List<Double> baseLr, List<Double> maxLr, Consumer<Options> options) {
        this(optimizer, PerGroup.of(baseLr), PerGroup.of(maxLr), options);
    }

    private CyclicLR(Optimizer<?> optimizer, PerGroup baseLr, PerGroup maxLr, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        double[] baseLrs = baseLr.values("base_lr", optimizer);
        maxLrs = maxLr.values("max_lr", optimizer);
        double up = Arguments.positive("step_size_up", o.stepSizeUp);
        double down = o.stepSizeDown == null ? up : Arguments.positive("step_size_down", o.stepSizeDown);
        totalSize = up + down;
        stepRatio = up / totalSize;
        mode = Objects.requireNonNull(o.mode, "the mode is null");
        gamma = o.gamma;
        scaleFn = o.scaleFn;
        scaleMode = o.scaleMode;
        chooseScaleMode();
        cycleMomentum = o.cycleMomentum;
        if (cycleMomentum) {
            useBeta1 = Momentum.isBeta1(optimizer);
            baseMomentums = o.baseMomentum.values("base_momentum", optimizer);
            maxMomentums = o.maxMomentum.values("max_momentum", optimizer);
        }
        start(o.lastEpoch(), () -> {
            if (o.lastEpoch() == -1) {
                prepare(baseLrs);
            }
        });
        setBaseLrs(baseLrs);
    }

    private void prepare(double[] baseLrs) {
        int i = 0;
        for (ParamGroup<?> group : optimizer().groups()) {
            GroupValues.setLr(group, baseLrs[i++]);
        }
        if (cycleMomentum) {
            Momentum.start(optimizer(), useBeta1, baseMomentums, maxMomentums);
        }
    }

    private void chooseScaleMode() {
        if (scaleFn == null) {
            scaleMode = mode == Mode.EXP_RANGE ? ScaleMode.ITERATIONS : ScaleMode.CYCLE;
        }
    }

    private double scale(double x) {
        if (scaleFn != null) {
            return scaleFn.applyAsDouble(x);
        }
        return switch (mode) {
            case TRIANGULAR -> 1;
            case TRIANGULAR2 -> 1 / Math.pow(2, x - 1);
            case EXP_RANGE -> Math.pow(gamma, x);
        };
    }

    @Override
    protected double[] getLr() {
        double cycle = Math.floor(1 + lastEpoch() / totalSize);
        double x = 1 + lastEpoch() / totalSize - cycle;
        double height = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
        double scale = scale(scaleMode == ScaleMode.CYCLE ? cycle : lastEpoch());
        double[] lrs = baseLrs();
        Arguments.sameLength(lrs, maxLrs);
        for (int i = 0; i < lrs.length; i++) {
            lrs[i] += (maxLrs[i] - lrs[i]) * height * scale;
        }
        if (cycleMomentum) {
            List<? extends ParamGroup<?>> groups = optimizer().groups();
            for (int i = 0; i < Math.min(groups.size(), maxMomentums.length); i++) {
                double depth = (maxMomentums[i] - baseMomentums[i]) * height;
                Momentum.set(groups.get(i), useBeta1, maxMomentums[i] - depth * scale);
            }
        }
        return lrs;
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.numbers("max_lrs", () -> maxLrs, value -> maxLrs = value);
        state.number("total_size", () -> totalSize, value -> totalSize = value);
        state.number("step_ratio", () -> stepRatio, value -> stepRatio = value);
        state.choice("mode", "mode", Mode.class, () -> mode, value -> mode = value);
        state.number("gamma", () -> gamma, value -> gamma = value);
        state.choice("scale_mode", "scale mode", ScaleMode.class, () -> scaleMode, value -> scaleMode = value);
        state.cycleMomentum(cycleMomentum);
        if (cycleMomentum) {
            state.useBeta1(useBeta1);
            state.numbers("base_momentums", () -> baseMomentums, value -> baseMomentums = value);
            state.numbers("max_momentums", () -> maxMomentums, value -> maxMomentums = value);
        }
    }

    @Override
    void declareProgress(SchedulerState state) {
        super.declareProgress(state);
        state.addOptional("_scale_fn_custom", () -> null, value -> {
            if (value != null) {
                throw state.wrong(
                        "_scale_fn_custom",
                        "null, since the attributes of a Python object have no meaning here",
                        value);
            }
            return this::chooseScaleMode;
        });
    }
}
