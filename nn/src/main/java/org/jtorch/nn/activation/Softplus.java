package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * {@code log(1 + exp(beta * x)) / beta}, any shape; {@code x} itself where {@code beta * x > threshold}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html">torch.nn.Softplus</a>
 */
public class Softplus extends Layer {

    /** The optional arguments of {@link Softplus}. Numbers are shown as they are given. */
    public static final class Options {
        private Number beta = 1.0;
        private Number threshold = 20.0;

        /** How sharp the bend is; default 1. */
        public Options beta(Number newBeta) {
            beta = newBeta;
            return this;
        }

        /** From where on {@code beta * x} it is linear; default 20. */
        public Options threshold(Number newThreshold) {
            threshold = newThreshold;
            return this;
        }
    }

    private Number beta;
    private Number threshold;

    /** With the default options. */
    public Softplus() {
        this(o -> {});
    }

    /** With a bend of {@code beta}. */
    public Softplus(Number beta) {
        this(o -> o.beta(beta));
    }

    /** With a bend of {@code beta}, linear above {@code threshold}. */
    public Softplus(Number beta, Number threshold) {
        this(o -> o.beta(beta).threshold(threshold));
    }

    /** Creates one with the options that {@code options} sets. */
    public Softplus(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        beta = o.beta;
        threshold = o.threshold;
    }

    /** How sharp the bend is. */
    public final double beta() {
        return beta.doubleValue();
    }

    /** Sets {@link #beta()}; it is shown as it is given. */
    public final void beta(Number newBeta) {
        beta = Objects.requireNonNull(newBeta, "beta");
    }

    /** Returns the value of {@code beta * x} above which it is linear. */
    public final double threshold() {
        return threshold.doubleValue();
    }

    /** Sets {@link #threshold()}; it is shown as it is given. */
    public final void threshold(Number newThreshold) {
        threshold = Objects.requireNonNull(newThreshold, "threshold");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.softplus(x, beta.doubleValue(), threshold.doubleValue());
    }

    @Override
    protected String extraRepr() {
        return "beta=" + PythonText.number(beta) + ", threshold=" + PythonText.number(threshold);
    }
}
