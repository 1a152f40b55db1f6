package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;

/** The base class of activations that are zero in a zone around zero: the width of the zone. */
public abstract class Shrink extends Layer {

    /** The optional arguments of {@link Hardshrink} and {@link Softshrink}. */
    public static final class Options {
        private Number lambd = 0.5;

        /** Sets half the width of the zero zone; the default is 0.5. {@link #toString} of the layer shows it as given. */
        public Options lambd(Number newLambd) {
            lambd = newLambd;
            return this;
        }
    }

    private Number lambd;

    Shrink(Consumer<Options> options) {
        lambd = Customized.of(new Options(), options).lambd;
    }

    /** Returns half the width of the zero zone. */
    public final double lambd() {
        return lambd.doubleValue();
    }

    /** Sets {@link #lambd()}; {@link #toString} shows it as given. */
    public final void lambd(Number newLambd) {
        lambd = Objects.requireNonNull(newLambd, "lambd");
    }

    @Override
    protected String extraRepr() {
        return PythonText.number(lambd);
    }
}
