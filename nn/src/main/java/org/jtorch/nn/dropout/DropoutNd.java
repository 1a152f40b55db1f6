package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Arguments;

/** The base class of dropouts. In eval mode, a dropout returns its input. */
public abstract class DropoutNd extends Layer {

    /** The optional arguments of dropouts. */
    public static final class Options {
        private Number p = 0.5;
        private boolean inplace;

        /** Sets the probability of being dropped; the default is 0.5. {@link #toString} of the layer shows it as given. */
        public Options p(Number newP) {
            p = newP;
            return this;
        }

        /** Sets whether the input itself is changed and returned; the default is {@code false}. */
        public Options inplace(boolean newInplace) {
            inplace = newInplace;
            return this;
        }
    }

    double p;

    boolean inplace;

    private Number shownP;

    DropoutNd(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        p = Arguments.dropoutProbability(o.p);
        inplace = o.inplace;
        shownP = o.p;
    }

    /** Returns the probability to be dropped. */
    public final double p() {
        return p;
    }

    /**
     * Sets {@link #p()}; {@link #toString} shows it as given.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public final void p(Number newP) {
        p = Arguments.dropoutProbability(newP);
        shownP = newP;
    }

    /** Returns whether the input itself is changed and returned. */
    public final boolean inplace() {
        return inplace;
    }

    /** Sets {@link #inplace()}. */
    public final void inplace(boolean newInplace) {
        inplace = newInplace;
    }

    @Override
    protected String extraRepr() {
        return "p=" + PythonText.number(shownP) + ", inplace=" + PythonText.of(inplace);
    }
}
