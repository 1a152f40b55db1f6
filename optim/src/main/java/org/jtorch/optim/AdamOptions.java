package org.jtorch.optim;

import org.jtorch.optim.options.Betas;
import org.jtorch.optim.options.Capturable;
import org.jtorch.optim.options.Differentiable;
import org.jtorch.optim.options.Eps;
import org.jtorch.optim.options.Foreach;
import org.jtorch.optim.options.Fused;
import org.jtorch.optim.options.Maximize;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.optim.options.WeightDecay;

/**
 * The options of {@link Adam} and {@link AdamW}.
 *
 * @param <S> the options class itself
 */
public abstract class AdamOptions<S extends AdamOptions<S>> extends OptimizerOptions<S>
        implements Betas<S>,
                Eps<S>,
                WeightDecay<S>,
                Maximize<S>,
                Foreach<S>,
                Capturable<S>,
                Differentiable<S>,
                Fused<S> {

    AdamOptions(double weightDecay) {
        super(1e-3);
        declareBetas(0.9, 0.999);
        declareEps(1e-8);
        declareWeightDecay(weightDecay);
        declareFlag("amsgrad", false);
        declareFlag("maximize", false);
        declareOptionalFlag("foreach");
        declareFlag("capturable", false);
        declareFlag("differentiable", false);
        declareOptionalFlag("fused");
    }

    /** Sets whether the greatest v is used, counted from the first step with this option; the default is false. */
    public S amsgrad(boolean amsgrad) {
        return set("amsgrad", amsgrad);
    }

    /** Returns whether the greatest v is used. */
    public boolean amsgrad() {
        return flag("amsgrad");
    }

    /** Returns whether the weight decay is decoupled from the gradient. */
    public boolean decoupledWeightDecay() {
        return flag("decoupled_weight_decay");
    }

    @Override
    protected void validate() {
        FusedOptions.check(this);
    }
}
