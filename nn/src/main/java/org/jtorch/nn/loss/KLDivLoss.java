package org.jtorch.nn.loss;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.Reduction;

/**
 * Kullback-Leibler divergence of the target from the input, which is given by its logarithms: {@code y (log(y) - x)}.
 *
 * <p>Input and target: any shape, the same for both. Output: a scalar, or a tensor with the shape of the input if the loss is
 * not reduced. {@link org.jtorch.nn.functional.Reduction#BATCHMEAN} gives the divergence as defined in mathematics.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html">torch.nn.KLDivLoss</a>
 */
public class KLDivLoss extends Loss {

    /** The optional arguments of {@link KLDivLoss}. */
    public static final class Options extends LossOptions<Options> {
        private boolean logTarget;

        /** Sets whether the target is also given by its logarithms; the default is {@code false}. */
        public Options logTarget(boolean newLogTarget) {
            logTarget = newLogTarget;
            return this;
        }
    }

    private boolean logTarget;

    /** Creates a loss with the default options. */
    public KLDivLoss() {
        this(o -> {});
    }

    /** Creates a loss with the given reduction. */
    public KLDivLoss(Reduction reduction) {
        this(o -> o.reduction(reduction));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public KLDivLoss(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private KLDivLoss(Options o) {
        super(o);
        logTarget = o.logTarget;
    }

    /** Returns whether the target is also given by its logarithms. */
    public final boolean logTarget() {
        return logTarget;
    }

    /** Sets {@link #logTarget()}. */
    public final void logTarget(boolean newLogTarget) {
        logTarget = newLogTarget;
    }

    @Override
    protected Tensor forward(Input in) {
        return F.klDiv(in.input(), in.target(), reduction, logTarget);
    }
}
