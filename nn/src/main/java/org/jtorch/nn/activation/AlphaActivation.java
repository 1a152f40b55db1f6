package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;

/** The base class of exponential linear units: the negated limit of the function for small inputs. */
public abstract class AlphaActivation extends InplaceActivation {

    /** The optional arguments of an exponential linear unit. {@link #toString} of the layer shows numbers as given. */
    public static final class Options extends InplaceOptions<Options> {
        private Number alpha = 1.0;

        /** Sets the negated limit of the function for small inputs; the default is 1. */
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

    /** Returns the negated limit of the function for small inputs. */
    public final double alpha() {
        return alpha.doubleValue();
    }

    /** Sets {@link #alpha()}; {@link #toString} shows it as given. */
    public final void alpha(Number newAlpha) {
        alpha = Objects.requireNonNull(newAlpha, "alpha");
    }

    @Override
    String arguments() {
        return "alpha=" + PythonText.number(alpha);
    }
}
