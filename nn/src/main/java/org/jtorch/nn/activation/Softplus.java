package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.PythonText;

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

    private final Number beta;
    private final Number threshold;

    /** With the default options. */
    public Softplus() {
        this(o -> {});
    }

    /** As {@code options} say. */
    public Softplus(Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        beta = o.beta;
        threshold = o.threshold;
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
