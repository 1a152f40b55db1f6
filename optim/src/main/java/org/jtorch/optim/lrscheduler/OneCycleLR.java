package org.jtorch.optim.lrscheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonNumbers;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.ParamGroup;

/**
 * Lets the learning rate of each group rise to {@code maxLr} and fall far below its start again, once. The momentum falls and rises
 * at the same time, unless {@code cycleMomentum} is false. A step is made after each batch.
 *
 * <pre>{@code
 * var scheduler = new OneCycleLR(optimizer, 0.01, o -> o.epochs(10).stepsPerEpoch(batches.size()));
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1708.07120">Super-convergence: very fast training of neural networks using large learning
 *     rates, Smith and Topin 2017</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html">OneCycleLR</a>
 */
public final class OneCycleLR extends LRScheduler {

    private static final String MAX_LR = "max_lr";
    private static final String MIN_LR = "min_lr";
    private static final String MAX_MOMENTUM = "max_momentum";
    private static final String BASE_MOMENTUM = "base_momentum";
    private static final Set<String> VALUES = Set.of(INITIAL_LR, MAX_LR, MIN_LR, MAX_MOMENTUM, BASE_MOMENTUM);

    /** The optional arguments of {@link OneCycleLR}. The number of steps must be set in one of the two ways. */
    public static final class Options extends SchedulerOptions<Options> {
        private @Nullable Long totalSteps;
        private @Nullable Long epochs;
        private @Nullable Long stepsPerEpoch;
        private double pctStart = 0.3;
        private AnnealStrategy annealStrategy = AnnealStrategy.COS;
        private boolean cycleMomentum = true;
        private PerGroup baseMomentum = PerGroup.of(0.85);
        private PerGroup maxMomentum = PerGroup.of(0.95);
        private double divFactor = 25;
        private double finalDivFactor = 1e4;
        private boolean threePhase;

        private Options() {}

        /** Sets the number of steps, at least 1. */
        public Options totalSteps(long newTotalSteps) {
            totalSteps = newTotalSteps;
            return this;
        }

        /** Sets the number of epochs, at least 1. It is used with {@code stepsPerEpoch} if {@code totalSteps} is not set. */
        public Options epochs(long newEpochs) {
            epochs = newEpochs;
            return this;
        }

        /** Sets the number of steps in an epoch, at least 1. */
        public Options stepsPerEpoch(long newStepsPerEpoch) {
            stepsPerEpoch = newStepsPerEpoch;
            return this;
        }

        /** Sets the part of the steps in which the learning rate rises, from 0 to 1; the default is 0.3. */
        public Options pctStart(double newPctStart) {
            pctStart = newPctStart;
            return this;
        }

        /** Sets how the values change; the default is {@link AnnealStrategy#COS}. */
        public Options annealStrategy(AnnealStrategy newAnnealStrategy) {
            annealStrategy = newAnnealStrategy;
            return this;
        }

        /** Sets whether the momentum is changed too; the default is true. The optimizer must then have a momentum or betas. */
        public Options cycleMomentum(boolean newCycleMomentum) {
            cycleMomentum = newCycleMomentum;
            return this;
        }

        /** Sets the least momentum, which belongs to the greatest learning rate; the default is 0.85. */
        public Options baseMomentum(double newBaseMomentum) {
            baseMomentum = PerGroup.of(newBaseMomentum);
            return this;
        }

        /** Sets the least momentum of each group. */
        public Options baseMomentum(List<Double> newBaseMomentum) {
            baseMomentum = PerGroup.of(newBaseMomentum);
            return this;
        }

        /** Sets the greatest momentum, which belongs to the least learning rate; the default is 0.95. */
        public Options maxMomentum(double newMaxMomentum) {
            maxMomentum = PerGroup.of(newMaxMomentum);
            return this;
        }

        /** Sets the greatest momentum of each group. */
        public Options maxMomentum(List<Double> newMaxMomentum) {
            maxMomentum = PerGroup.of(newMaxMomentum);
            return this;
        }

        /** Sets the quotient of the greatest and the first learning rate; the default is 25. */
        public Options divFactor(double newDivFactor) {
            divFactor = newDivFactor;
            return this;
        }

        /** Sets the quotient of the first and the last learning rate; the default is 1e4. */
        public Options finalDivFactor(double newFinalDivFactor) {
            finalDivFactor = newFinalDivFactor;
            return this;
        }

        /**
         * Sets whether the learning rate falls to its first value as slowly as it rose, before it falls further; the default is
         * false.
         */
        public Options threePhase(boolean newThreePhase) {
            threePhase = newThreePhase;
            return this;
        }
    }

    /** A part of the schedule: the step in which it ends, and the names of a group's values at its start and end. */
    private record Phase(double endStep, String startLr, String endLr, String startMomentum, String endMomentum) {

        Map<String, Object> toPython() {
            return SchedulerState.dict(
                    "end_step", endStep,
                    "start_lr", startLr,
                    "end_lr", endLr,
                    "start_momentum", startMomentum,
                    "end_momentum", endMomentum);
        }

        static Phase read(SchedulerState state, @Nullable Object value) {
            if (!(value instanceof Map<?, ?> dict)) {
                throw state.wrong("_schedule_phases", "a list of dicts", value);
            }
            return new Phase(
                    state.readNumber("end_step", dict.get("end_step")),
                    name(state, dict, "start_lr"),
                    name(state, dict, "end_lr"),
                    name(state, dict, "start_momentum"),
                    name(state, dict, "end_momentum"));
        }

        private static String name(SchedulerState state, Map<?, ?> dict, String key) {
            Object value = dict.get(key);
            if (value instanceof String name && VALUES.contains(name)) {
                return name;
            }
            throw state.wrong(key, "one of " + VALUES, value);
        }
    }

    private long totalSteps;
    private List<Phase> phases;
    private AnnealStrategy strategy;
    private final boolean cycleMomentum;
    private final boolean useBeta1;

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param maxLr the greatest learning rate of all groups
     * @param options sets the number of steps and the optional arguments
     * @throws IllegalArgumentException if the number of steps is not set or less than 1, {@code pctStart} is not from 0 to 1, it
     *     leaves exactly one step for the rise, or the optimizer has no momentum and {@code cycleMomentum} is true
     */
    public OneCycleLR(Optimizer<?> optimizer, double maxLr, Consumer<Options> options) {
        this(optimizer, PerGroup.of(maxLr), options);
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param maxLr the greatest learning rate of each group
     * @param options sets the number of steps and the optional arguments
     * @throws IllegalArgumentException if a list does not have one value for each group, the number of steps is not set or less
     *     than 1, {@code pctStart} is not from 0 to 1, it leaves exactly one step for the rise, or the optimizer has no momentum
     *     and {@code cycleMomentum} is true
     */
    public OneCycleLR(Optimizer<?> optimizer, List<Double> maxLr, Consumer<Options> options) {
        this(optimizer, PerGroup.of(maxLr), options);
    }

    private OneCycleLR(Optimizer<?> optimizer, PerGroup maxLr, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        totalSteps = totalSteps(o);
        if (!(o.pctStart >= 0 && o.pctStart <= 1)) {
            throw new IllegalArgumentException(
                    "Expected float between 0 and 1 pct_start, but got " + PythonNumbers.repr(o.pctStart));
        }
        phases = phases(o.threePhase, o.pctStart);
        strategy = Objects.requireNonNull(o.annealStrategy, "the anneal strategy is null");
        double[] maxLrs = maxLr.values(MAX_LR, optimizer);
        cycleMomentum = o.cycleMomentum;
        useBeta1 = cycleMomentum && Momentum.isBeta1(optimizer);
        double[] maxMomentums = cycleMomentum ? o.maxMomentum.values(MAX_MOMENTUM, optimizer) : new double[0];
        double[] baseMomentums = cycleMomentum ? o.baseMomentum.values(BASE_MOMENTUM, optimizer) : new double[0];
        start(o.lastEpoch(), () -> {
            if (o.lastEpoch() == -1) {
                int i = 0;
                for (ParamGroup<?> group : optimizer.groups()) {
                    double initial = maxLrs[i] / o.divFactor;
                    group.extras().put(INITIAL_LR, initial);
                    group.extras().put(MAX_LR, maxLrs[i]);
                    group.extras().put(MIN_LR, initial / o.finalDivFactor);
                    i++;
                }
                if (cycleMomentum) {
                    Momentum.start(optimizer, useBeta1, baseMomentums, maxMomentums);
                }
            }
        });
    }

    private static long totalSteps(Options o) {
        if (o.totalSteps != null) {
            return Arguments.positive("total_steps", o.totalSteps);
        }
        if (o.epochs != null && o.stepsPerEpoch != null) {
            return Math.multiplyExact(
                    Arguments.positive("epochs", o.epochs), Arguments.positive("steps_per_epoch", o.stepsPerEpoch));
        }
        throw new IllegalArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
    }

    private List<Phase> phases(boolean three, double pctStart) {
        Phase rise = new Phase(pctStart * totalSteps - 1, INITIAL_LR, MAX_LR, MAX_MOMENTUM, BASE_MOMENTUM);
        double last = totalSteps - 1;
        if (three) {
            return List.of(
                    rise,
                    new Phase(2 * pctStart * totalSteps - 2, MAX_LR, INITIAL_LR, BASE_MOMENTUM, MAX_MOMENTUM),
                    new Phase(last, INITIAL_LR, MIN_LR, MAX_MOMENTUM, MAX_MOMENTUM));
        }
        return List.of(rise, new Phase(last, MAX_LR, MIN_LR, BASE_MOMENTUM, MAX_MOMENTUM));
    }

    @Override
    protected double[] getLr() {
        long step = lastEpoch();
        if (step > totalSteps) {
            throw new IllegalStateException(
                    "Tried to step " + step + " times. The specified number of total steps is " + totalSteps);
        }
        double start = 0;
        int i = 0;
        while (step > phases.get(i).endStep && i < phases.size() - 1) {
            start = phases.get(i).endStep;
            i++;
        }
        Phase phase = phases.get(i);
        if (phase.endStep == start) {
            throw new IllegalArgumentException(
                    "the first phase of OneCycleLR has no length, since total_steps (" + totalSteps
                            + ") times pct_start (" + PythonNumbers.repr((phase.endStep + 1) / totalSteps)
                            + ") is 1: make one of them greater");
        }
        double part = (step - start) / (phase.endStep - start);
        if (cycleMomentum) {
            for (ParamGroup<?> group : optimizer().groups()) {
                Momentum.set(group, useBeta1, between(group, phase.startMomentum, phase.endMomentum, part));
            }
        }
        return optimizer().groups().stream()
                .mapToDouble(group -> between(group, phase.startLr, phase.endLr, part))
                .toArray();
    }

    private double between(ParamGroup<?> group, String start, String end, double part) {
        return strategy.between(GroupValues.extra(group, start), GroupValues.extra(group, end), part);
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.positive("total_steps", () -> totalSteps, value -> totalSteps = value);
        state.add("_schedule_phases", () -> phases.stream().map(Phase::toPython).toList(), value -> {
            List<Phase> read = new ArrayList<>();
            for (Object phase : state.readList("_schedule_phases", value)) {
                read.add(Phase.read(state, phase));
            }
            if (read.isEmpty()) {
                throw state.wrong("_schedule_phases", "a list of dicts", value);
            }
            return () -> phases = List.copyOf(read);
        });
        state.choice(
                "_anneal_func_type",
                "anneal strategy",
                AnnealStrategy.class,
                () -> strategy,
                value -> strategy = value);
        state.cycleMomentum(cycleMomentum);
        if (cycleMomentum) {
            state.useBeta1(useBeta1);
        }
    }
}
