package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * {@code log(1 + exp(beta * x)) / beta}, any shape. It is {@code x} itself if {@code beta * x > threshold}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html">torch.nn.Softplus</a>
 */
public class Softplus extends Layer {

    /** The optional arguments of {@link Softplus}. {@link #toString} of the layer shows numbers as given. */
    public static final class Options {
        private Number beta = 1.0;
        private Number threshold = 20.0;

        /** Sets how sharp the bend is; the default is 1. */
        public Options beta(Number newBeta) {
            beta = newBeta;
            return this;
        }

        /** Sets the value of {@code beta * x} above which the function is linear; the default is 20. */
        public Options threshold(Number newThreshold) {
            threshold = newThreshold;
            return this;
        }
    }

    private Number beta;
    private Number threshold;

    /** Creates a layer with the default options. */
    public Softplus() {
        this(o -> {});
    }

    /** Creates the activation with the given {@code beta}. */
    public Softplus(Number beta) {
        this(o -> o.beta(beta));
    }

    /** Creates the activation with the given {@code beta}, which is linear above {@code threshold}. */
    public Softplus(Number beta, Number threshold) {
        this(o -> o.beta(beta).threshold(threshold));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public Softplus(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        beta = o.beta;
        threshold = o.threshold;
    }

    /** Returns how sharp the bend is. */
    public final double beta() {
        return beta.doubleValue();
    }

    /** Sets {@link #beta()}; {@link #toString} shows it as given. */
    public final void beta(Number newBeta) {
        beta = Objects.requireNonNull(newBeta, "beta");
    }

    /** Returns the value of {@code beta * x} above which the function is linear. */
    public final double threshold() {
        return threshold.doubleValue();
    }

    /** Sets {@link #threshold()}; {@link #toString} shows it as given. */
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
