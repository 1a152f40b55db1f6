package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;

/** What exponential linear units share: the number that they tend to for small inputs. */
public abstract class AlphaActivation extends InplaceActivation {

    /** The optional arguments of an exponential linear unit. Numbers are shown as they are given. */
    public static final class Options extends InplaceOptions<Options> {
        private Number alpha = 1.0;

        /** Sets what it tends to for small inputs, negated; the default is 1. */
        public Options alpha(Number newAlpha) {
            alpha = newAlpha;
            return this;
        }
    }

    private Number alpha;

    AlphaActivation(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private AlphaActivation(Options o) {
        super(o);
        alpha = o.alpha;
    }

    /** Returns what it tends to for small inputs, negated. */
    public final double alpha() {
        return alpha.doubleValue();
    }

    /** Sets {@link #alpha()}; it is shown as it is given. */
    public final void alpha(Number newAlpha) {
        alpha = Objects.requireNonNull(newAlpha, "alpha");
    }

    @Override
    String arguments() {
        return "alpha=" + PythonText.number(alpha);
    }
}
