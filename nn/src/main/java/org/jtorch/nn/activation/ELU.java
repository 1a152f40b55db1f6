package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * Exponential linear unit: {@code x} above zero, {@code alpha * (exp(x) - 1)} below, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ELU.html">torch.nn.ELU</a>
 * @see <a href="https://arxiv.org/abs/1511.07289">Exponential linear units, Clevert et al. 2015</a>
 */
public class ELU extends InplaceActivation {

    /** The optional arguments of {@link ELU}. Numbers are shown as they are given. */
    public static final class Options extends InplaceOptions<Options> {
        private Number alpha = 1.0;

        /** What it tends to for small inputs, negated; default 1. */
        public Options alpha(Number newAlpha) {
            alpha = newAlpha;
            return this;
        }
    }

    private Number alpha;

    /** With the default options. */
    public ELU() {
        this(o -> {});
    }

    /** With {@code alpha}. */
    public ELU(Number alpha) {
        this(o -> o.alpha(alpha));
    }

    /** With {@code alpha}, changing its input itself if {@code inplace}. */
    public ELU(Number alpha, boolean inplace) {
        this(o -> o.alpha(alpha).inplace(inplace));
    }

    /**
     * Creates one with the options that {@code options} sets.
     */
    public ELU(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private ELU(Options o) {
        super(o);
        alpha = o.alpha;
    }

    /** What it tends to for small inputs, negated. */
    public final double alpha() {
        return alpha.doubleValue();
    }

    /** Sets {@link #alpha()}; it is shown as it is given. */
    public final void alpha(Number newAlpha) {
        alpha = Objects.requireNonNull(newAlpha, "alpha");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.elu(x, alpha.doubleValue(), inplace);
    }

    @Override
    String arguments() {
        return "alpha=" + PythonText.number(alpha);
    }
}
