package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * Continuously differentiable exponential linear unit: {@code max(0, x) + min(0, alpha * (exp(x / alpha) - 1))}, any
 * shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CELU.html">torch.nn.CELU</a>
 * @see <a href="https://arxiv.org/abs/1704.07483">Continuously differentiable exponential linear units, Barron 2017</a>
 */
public class CELU extends InplaceActivation {

    /** The optional arguments of {@link CELU}. Numbers are shown as they are given. */
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
    public CELU() {
        this(o -> {});
    }

    /** With {@code alpha}. */
    public CELU(Number alpha) {
        this(o -> o.alpha(alpha));
    }

    /** With {@code alpha}, changing its input itself if {@code inplace}. */
    public CELU(Number alpha, boolean inplace) {
        this(o -> o.alpha(alpha).inplace(inplace));
    }

    /**
     * Creates one with the options that {@code options} sets.
     */
    public CELU(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private CELU(Options o) {
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
        return F.celu(x, alpha.doubleValue(), inplace);
    }

    @Override
    String arguments() {
        return "alpha=" + PythonText.number(alpha);
    }
}
