package org.jtorch.optim.lrscheduler;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonNumbers;
import org.jtorch.optim.Optimizer;

/**
 * Lets the learning rate of each group fall from its initial value to {@code etaMin} on half a cosine, and then starts again. The
 * first fall takes {@code t0} epochs, and each further one {@code tMult} times as long as the one before.
 *
 * <p>{@link #step(double)} takes a part of an epoch, so that the learning rate can be changed after each batch:
 * {@code scheduler.step(epoch + batch / (double) batches)}.
 *
 * @see <a href="https://arxiv.org/abs/1608.03983">SGDR: stochastic gradient descent with warm restarts, Loshchilov and Hutter
 *     2016</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html">
 *     CosineAnnealingWarmRestarts</a>
 */
public final class CosineAnnealingWarmRestarts extends LRScheduler {

    /** The optional arguments of {@link CosineAnnealingWarmRestarts}. */
    public static final class Options extends SchedulerOptions<Options> {
        private long tMult = 1;
        private double etaMin;

        private Options() {}

        /** Sets how many times as long as the fall before each fall takes, at least 1; the default is 1. */
        public Options tMult(long newTMult) {
            tMult = newTMult;
            return this;
        }

        /** Sets the least learning rate; the default is 0. */
        public Options etaMin(double newEtaMin) {
            etaMin = newEtaMin;
            return this;
        }
    }

    private long t0;
    private long tMult;
    private double etaMin;

    /** The epochs of the current fall, and those of them that have passed. */
    private long tI;

    private double tCur;

    /** Creates a schedule with the default options. */
    public CosineAnnealingWarmRestarts(Optimizer<?> optimizer, long t0) {
        this(optimizer, t0, o -> {});
    }

    /**
     * Creates a schedule.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param t0 the number of epochs of the first fall, at least 1
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code t0} or {@code tMult} is less than 1
     */
    public CosineAnnealingWarmRestarts(Optimizer<?> optimizer, long t0, Consumer<Options> options) {
        super(optimizer);
        Options o = Customized.of(new Options(), options);
        this.t0 = Arguments.positive("T_0", t0);
        if (o.tMult < 1) {
            throw new IllegalArgumentException("Expected integer T_mult >= 1, but got " + o.tMult);
        }
        tMult = o.tMult;
        etaMin = o.etaMin;
        tI = t0;
        tCur = o.lastEpoch();
        start(o.lastEpoch());
    }

    @Override
    protected double[] getLr() {
        double height = 1 + Math.cos(Math.PI * tCur / tI);
        return Arrays.stream(baseLrs())
                .map(baseLr -> etaMin + (baseLr - etaMin) * height / 2)
                .toArray();
    }

    /**
     * Sets the learning rates of an epoch, or of a moment within it.
     *
     * @param epoch the number of epochs that have passed, at least 0; 1.5 is the middle of the second
     * @throws IllegalArgumentException if the epoch is negative or not a number
     */
    @Override
    @SuppressWarnings("deprecation") // It is the form that PyTorch's documentation shows for this schedule.
    public void step(long epoch) {
        step((double) epoch);
    }

    /**
     * Sets the learning rates of an epoch, or of a moment within it.
     *
     * @param epoch the number of epochs that have passed, at least 0; 1.5 is the middle of the second
     * @throws IllegalArgumentException if the epoch is negative or not a number
     */
    public void step(double epoch) {
        getLastLr(); // it must have been started
        if (!(epoch >= 0) || Double.isInfinite(epoch)) {
            throw new IllegalArgumentException("Expected non-negative epoch, but got " + PythonNumbers.repr(epoch));
        }
        if (epoch < t0) {
            set(epoch, epoch, t0);
        } else if (tMult == 1) {
            set(epoch, epoch % t0, tI);
        } else {
            int n = (int) (Math.log(epoch / t0 * (tMult - 1) + 1) / Math.log(tMult));
            double length = Math.pow(tMult, n);
            set(epoch, epoch - t0 * (length - 1) / (tMult - 1), (long) (t0 * length));
        }
    }

    @Override
    void stepTo(@Nullable Long epoch) {
        if (lastEpoch() < 0) {
            set(0, 0, t0);
        } else if (tCur + 1 >= tI) {
            set(lastEpoch() + 1, (tCur + 1) % tI, tI * tMult);
        } else {
            set(lastEpoch() + 1, tCur + 1, tI);
        }
    }

    private void set(double epoch, double newTCur, long newTI) {
        long lastBefore = lastEpoch();
        double curBefore = tCur;
        long iBefore = tI;
        try {
            tCur = newTCur;
            tI = newTI;
            setLastEpoch((long) Math.floor(epoch));
            setLrs(getLr());
        } catch (Throwable e) {
            tCur = curBefore;
            tI = iBefore;
            setLastEpoch(lastBefore);
            throw e;
        }
    }

    @Override
    protected void declareState(SchedulerState state) {
        state.positive("T_0", () -> t0, value -> t0 = value);
        state.positive("T_i", () -> tI, value -> tI = value);
        state.positive("T_mult", () -> tMult, value -> tMult = value);
        state.number("eta_min", () -> etaMin, value -> etaMin = value);
        state.number("T_cur", () -> tCur, value -> tCur = value);
    }
}
