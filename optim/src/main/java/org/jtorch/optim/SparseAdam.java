package org.jtorch.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.optim.options.Betas;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;

/**
 * Adam for sparse gradients, such as those of an {@code Embedding} with {@code sparse(true)}. Only the elements that the gradient
 * contains are changed, in the parameter and in its state.
 *
 * <pre>
 * m  = beta1 m + (1 - beta1) g
 * v  = beta2 v + (1 - beta2) g²
 * p  = p - lr sqrt(1 - beta2^t) / (1 - beta1^t)  m / (sqrt(v) + eps)
 * </pre>
 *
 * <p>Dense gradients, sparse parameters and complex parameters are refused. Adam supports them.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Adam: a method for stochastic optimization, Kingma and Ba 2014</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html">torch.optim.SparseAdam</a>
 */
public final class SparseAdam extends Optimizer<SparseAdam.Options> {

    /** The optional arguments of {@link SparseAdam}: lr 1e-3, betas 0.9 and 0.999, eps 1e-8, maximize false. */
    public static final class Options extends OptimizerOptions<Options>
            implements Betas<Options>, Eps<Options>, Maximize<Options> {

        /** Creates the default options. */
        public Options() {
            super(1e-3, "Invalid learning rate", rate -> rate > 0);
            declareBetas(0.9, 0.999);
            declareNumber("eps", 1e-8, "Invalid epsilon value", eps -> eps > 0);
            declareFlag("maximize", false);
        }
    }

    private static final String STEP = BatchedOptimizer.STEP;
    private static final String EXP_AVG = "exp_avg";
    private static final String EXP_AVG_SQ = "exp_avg_sq";

    /** Creates SparseAdam with the default options. */
    public SparseAdam(List<? extends Tensor> parameters) {
        this(parameters, o -> {});
    }

    /**
     * Creates SparseAdam over one group.
     *
     * @param parameters the parameters to optimize
     * @param options sets the optional arguments
     */
    public SparseAdam(List<? extends Tensor> parameters, Consumer<Options> options) {
        this(options, List.of(Params.of(parameters)));
    }

    /**
     * Creates SparseAdam over several groups, or over named parameters.
     *
     * @param options sets the optional arguments that the groups share
     * @param groups the parameters, with the arguments in which they differ
     */
    public SparseAdam(Consumer<Options> options, List<Params<Options>> groups) {
        super(Options::new, options, groups);
    }

    @Override
    void checkParameters(int group, List<Tensor> parameters, Options o) {
        refuse(
                group,
                parameters,
                "Sparse",
                tensor -> tensor.layout() != Layout.STRIDED,
                "requires dense parameter tensors");
        refuse(group, parameters, "Complex", Tensor::isComplex, "does not support complex parameters");
    }

    private static void refuse(
            int group, List<Tensor> parameters, String kind, Predicate<Tensor> refused, String reason) {
        List<List<Integer>> indices = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            if (refused.test(parameters.get(i))) {
                indices.add(List.of(group, i));
            }
        }
        if (!indices.isEmpty()) {
            throw new IllegalArgumentException(
                    kind + " params at indices " + indices + ": SparseAdam " + reason + ": use Adam for them");
        }
    }

    @Override
    protected void check(Slot slot, Options o) {
        if (!slot.isSparse()) {
            throw new TorchException(
                    "SparseAdam does not support dense gradients, please consider Adam instead: the gradient" + " of "
                            + slot.name() + " is dense");
        }
        slot.checkDtype();
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.integer(STEP, 0);
        state.zerosLike(EXP_AVG);
        state.zerosLike(EXP_AVG_SQ);
    }

    @Override
    protected void update(Slot slot, Options o) {
        State state = slot.state();
        long step = state.integer(STEP) + 1;
        state.setInteger(STEP, step);
        SparseGradient g = SparseGradient.of(slot, o.maximize());
        if (g.values().numel() == 0) {
            return;
        }
        Tensor m = average(state.tensor(EXP_AVG), g, g.values(), 1 - o.beta1());
        Tensor v = average(state.tensor(EXP_AVG_SQ), g, g.values().pow(2), 1 - o.beta2());
        double size = o.lr() * Math.sqrt(1 - Math.pow(o.beta2(), step)) / (1 - Math.pow(o.beta1(), step));
        slot.parameter().add_(g.with(m.div_(v.sqrt_().add_(o.eps())).mul(-size)));
    }

    /** Moves a running average towards new values, at the indices of the gradient, and returns it there. */
    private static Tensor average(Tensor average, SparseGradient g, Tensor values, double weight) {
        Tensor old = g.of(average);
        Tensor change = values.sub(old).mul(weight);
        average.add_(g.with(change));
        return change.add_(old);
    }
}
