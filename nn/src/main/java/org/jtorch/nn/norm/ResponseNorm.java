package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.PythonText;

/** What normalisations over neighbouring channels share: their arguments. */
public abstract class ResponseNorm extends Layer {

    /** The optional arguments. Numbers are shown as they are given. */
    public static final class Options {
        private Number alpha = 1e-4;
        private Number beta = 0.75;
        private Number k;

        private Options(Number k) {
            this.k = k;
        }

        /** The factor of the sum of squares; default 1e-4. */
        public Options alpha(Number newAlpha) {
            alpha = newAlpha;
            return this;
        }

        /** The exponent; default 0.75. */
        public Options beta(Number newBeta) {
            beta = newBeta;
            return this;
        }

        /** What is added; default 1. */
        public Options k(Number newK) {
            k = newK;
            return this;
        }
    }

    /** Over how many channels the squares are summed. */
    public final long size;

    /** The factor of the sum of squares. */
    public final double alpha;

    /** The exponent. */
    public final double beta;

    /** What is added. */
    public final double k;

    private final String shown;

    ResponseNorm(long size, Number defaultK, Consumer<Options> options) {
        Options o = new Options(defaultK);
        options.accept(o);
        this.size = size;
        alpha = o.alpha.doubleValue();
        beta = o.beta.doubleValue();
        k = o.k.doubleValue();
        shown = size + ", alpha=" + PythonText.number(o.alpha) + ", beta=" + PythonText.number(o.beta) + ", k="
                + PythonText.number(o.k);
    }

    @Override
    protected String extraRepr() {
        return shown;
    }
}
