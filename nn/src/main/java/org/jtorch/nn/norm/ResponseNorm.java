package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;

/** The base class of normalizations over neighbouring channels: their arguments. */
public abstract class ResponseNorm extends Layer {

    /** The optional arguments. {@link #toString} of the layer shows numbers as given. */
    public static final class Options {
        private Number alpha = 1e-4;
        private Number beta = 0.75;
        private Number k;

        private Options(Number k) {
            this.k = k;
        }

        /** Sets the factor of the sum of squares; the default is 1e-4. */
        public Options alpha(Number newAlpha) {
            alpha = newAlpha;
            return this;
        }

        /** Sets the exponent; the default is 0.75. */
        public Options beta(Number newBeta) {
            beta = newBeta;
            return this;
        }

        /** Sets the number that is added; the default is 1. */
        public Options k(Number newK) {
            k = newK;
            return this;
        }
    }

    long size;

    double alpha;

    double beta;

    double k;

    private Number shownAlpha;
    private Number shownBeta;
    private Number shownK;

    ResponseNorm(long size, Number defaultK, Consumer<Options> options) {
        Options o = Customized.of(new Options(defaultK), options);
        this.size = size;
        alpha = o.alpha.doubleValue();
        beta = o.beta.doubleValue();
        k = o.k.doubleValue();
        shownAlpha = o.alpha;
        shownBeta = o.beta;
        shownK = o.k;
    }

    /** Returns the number of channels over which the squares are summed. */
    public final long size() {
        return size;
    }

    /** Sets {@link #size()}. */
    public final void size(long newSize) {
        size = newSize;
    }

    /** Returns the factor of the sum of squares. */
    public final double alpha() {
        return alpha;
    }

    /** Sets {@link #alpha()}; {@link #toString} shows it as given. */
    public final void alpha(Number newAlpha) {
        alpha = newAlpha.doubleValue();
        shownAlpha = newAlpha;
    }

    /** Returns the exponent. */
    public final double beta() {
        return beta;
    }

    /** Sets {@link #beta()}; {@link #toString} shows it as given. */
    public final void beta(Number newBeta) {
        beta = newBeta.doubleValue();
        shownBeta = newBeta;
    }

    /** Returns the number that is added. */
    public final double k() {
        return k;
    }

    /** Sets {@link #k()}; {@link #toString} shows it as given. */
    public final void k(Number newK) {
        k = newK.doubleValue();
        shownK = newK;
    }

    @Override
    protected String extraRepr() {
        return size + ", alpha=" + PythonText.number(shownAlpha) + ", beta=" + PythonText.number(shownBeta) + ", k="
                + PythonText.number(shownK);
    }
}
