package org.jtorch.optim.lrscheduler;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import org.jtorch.internal.options.Customized;
import org.jtorch.optim.Optimizer;

/**
 * Sets the learning rate of each group to its initial value times a function of the epoch.
 *
 * <pre>{@code
 * var scheduler = new LambdaLR(optimizer, epoch -> Math.pow(0.95, epoch));
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html">LambdaLR</a>
 */
public final class LambdaLR extends LRScheduler {

    /** The optional argument of {@link LambdaLR}. */
    public static final class Options extends SchedulerOptions<Options> {
        private Options() {}
    }

    private final LrLambdas lambdas;

    /** Creates a schedule with the same function for all groups. */
    public LambdaLR(Optimizer<?> optimizer, LongToDoubleFunction lrLambda) {
        this(optimizer, lrLambda, o -> {});
    }

    /**
     * Creates a schedule with the same function for all groups.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param lrLambda returns the factor of an epoch
     * @param options sets the optional argument
     */
    public LambdaLR(Optimizer<?> optimizer, LongToDoubleFunction lrLambda, Consumer<Options> options) {
        this(optimizer, LrLambdas.same(optimizer, lrLambda), options);
    }

    /** Creates a schedule with a function for each group. */
    public LambdaLR(Optimizer<?> optimizer, List<? extends LongToDoubleFunction> lrLambdas) {
        this(optimizer, lrLambdas, o -> {});
    }

    /**
     * Creates a schedule with a function for each group.
     *
     * @param optimizer the optimizer whose learning rates are changed
     * @param lrLambdas return the factor of an epoch, one function for each group
     * @param options sets the optional argument
     * @throws IllegalArgumentException if there is not one function for each group
     */
    public LambdaLR(Optimizer<?> optimizer, List<? extends LongToDoubleFunction> lrLambdas, Consumer<Options> options) {
        this(optimizer, LrLambdas.each(optimizer, lrLambdas), options);
    }

    private LambdaLR(Optimizer<?> optimizer, LrLambdas lambdas, Consumer<Options> options) {
        super(optimizer);
        this.lambdas = lambdas;
        start(Customized.of(new Options(), options).lastEpoch());
    }

    @Override
    protected double[] getLr() {
        return lambdas.times(baseLrs(), lastEpoch(), "LambdaLR");
    }

    @Override
    void declareProgress(SchedulerState state) {
        super.declareProgress(state);
        lambdas.declare(state);
    }
}
