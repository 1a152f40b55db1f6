package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Arguments;
import org.jtorch.nn.internal.PythonText;

/**
 * In training, zeroes each element with probability {@code p} and scales the others by {@code 1 / (1 - p)}; in eval mode,
 * gives its input back. Any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html">torch.nn.Dropout</a>
 * @see <a href="https://arxiv.org/abs/1207.0580">Improving neural networks by preventing co-adaptation of feature
 *     detectors, Hinton et al. 2012</a>
 */
public class Dropout extends Layer {

    /** The optional arguments of {@link Dropout}. */
    public static final class Options {
        private double p = 0.5;
        private boolean inplace;

        /** The probability of an element to be zeroed; default 0.5. */
        public Options p(double newP) {
            p = newP;
            return this;
        }

        /** Whether the input itself is changed and returned; default false. */
        public Options inplace(boolean newInplace) {
            inplace = newInplace;
            return this;
        }
    }

    /** The probability of an element to be zeroed. */
    public final double p;

    private final boolean inplace;

    /** With probability 0.5. */
    public Dropout() {
        this(o -> {});
    }

    /** With probability {@code p}. */
    public Dropout(double p) {
        this(o -> o.p(p));
    }

    /**
     * As {@code options} say.
     *
     * @throws IllegalArgumentException where p is no probability
     */
    public Dropout(Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        p = Arguments.dropoutProbability(o.p);
        inplace = o.inplace;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.dropout(x, p, isTraining(), inplace);
    }

    @Override
    protected String extraRepr() {
        return "p=" + PythonText.of(p) + ", inplace=" + PythonText.of(inplace);
    }
}
