package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.Arguments;

/** What all dropouts share. In eval mode they give their input back. */
public abstract class DropoutNd extends Layer {

    /** The optional arguments of dropouts. */
    public static final class Options {
        private Number p = 0.5;
        private boolean inplace;

        /** Sets the probability to be dropped; the default is 0.5. Shown as it is given. */
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
     * Sets {@link #p()}; it is shown as it is given.
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
