package org.jtorch.examples;

import java.util.List;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.Params;
import org.jtorch.optim.Slot;
import org.jtorch.optim.State;
import org.jtorch.optim.options.Betas;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/** An optimizer of one's own: <a href="https://arxiv.org/abs/2302.06675">Lion, Chen and others 2023</a>. */
public final class Lion extends Optimizer<Lion.Options> {

    /** The options of a group: lr 1e-4, betas 0.9 and 0.99, weight decay 0. */
    public static final class Options extends OptimizerOptions<Options>
            implements Betas<Options>, WeightDecay<Options> {
        Options() {
            super(1e-4);
            declareBetas(0.9, 0.99);
            declareWeightDecay(0);
        }
    }

    /** Creates Lion over one group. */
    public Lion(List<? extends Tensor> parameters, Consumer<Options> options) {
        super(Options::new, options, List.of(Params.of(parameters)));
    }

    @Override
    protected void initialize(State state, Tensor parameter, Options o) {
        state.zerosLike("exp_avg");
    }

    @Override
    protected void update(Slot slot, Options o) {
        Tensor p = slot.parameter();
        Tensor m = slot.state().tensor("exp_avg");
        p.mul_(1 - o.lr() * o.weightDecay());
        p.add_(m.mul(o.beta1()).add_(slot.grad(), 1 - o.beta1()).sign_(), -o.lr());
        m.lerp_(slot.grad(), 1 - o.beta2());
    }
}
