package org.jtorch.optim.lrscheduler;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;
import org.jtorch.serialize.python.Counter;

/**
 * Multiplies the learning rate of each group with {@code gamma} in each epoch that is one of the milestones.
 *
 * <pre>{@code
 * // lr 0.05 in epochs 0 to 29, 0.005 in 30 to 79, 0.0005 from 80
 * var scheduler = new MultiStepLR(optimizer, List.of(30, 80));
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html">MultiStepLR</a>
 */
public final class MultiStepLR extends LRScheduler {

    /** The optional arguments of {@link MultiStepLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private double gamma = 0.1;

        private Options() {}

        /** Sets the factor; the default is 0.1. */
        public Options gamma(double newGamma) {
            gamma = newGamma;
            return this;
        }
    }

    /** How often each epoch is a milestone. */
    private TreeMap<Long, Long> milestones = new TreeMap<>();

    private double gamma;

    /** Creates a schedule with the default options. */
    public MultiStepLR(Optimizer<?> optimizer, Collection<Integer> milestones) {
        this(optimizer, milestones, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param milestones the epochs in which the learning rates change, in any order; {@code gamma} is applied n times in an epoch
     *     that appears n times
     * @param options sets the optional arguments
     */
    public MultiStepLR(Optimizer<?> optimizer, Collection<Integer> milestones, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        milestones.forEach(epoch -> this.milestones.merge(epoch.longValue(), 1L, Long::sum));
        this.gamma = o.gamma;
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        Long times = milestones.get(lastEpoch());
        return times == null ? lrs() : lrsTimes(Math.pow(gamma, times));
    }

    @Override
    protected double @Nullable [] getClosedFormLr() {
        long reached = milestones.headMap(lastEpoch(), true).values().stream()
                .mapToLong(times -> Math.max(0, times))
                .sum();
        return baseLrsTimes(Math.pow(gamma, reached));
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.add("milestones", () -> new Counter(milestones), value -> {
            TreeMap<Long, Long> read = readMilestones(state, value);
            return () -> milestones = read;
        });
        state.number("gamma", () -> gamma, value -> gamma = value);
    }

    private static TreeMap<Long, Long> readMilestones(SchedulerState state, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> counts)) {
            throw state.wrong("milestones", "a Counter", value);
        }
        TreeMap<Long, Long> read = new TreeMap<>();
        counts.forEach((epoch, times) ->
                read.put(state.readInteger("milestones", epoch), state.readInteger("milestones", times)));
        return read;
    }
}
