package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;

/** What activations share that are zero in a zone around zero: its width. */
public abstract class Shrink extends Layer {

    /** The optional arguments of a shrinkage. */
    public static final class Options {
        private Number lambd = 0.5;

        /** Half the width of the zero zone; default 0.5. Shown as it is given. */
        public Options lambd(Number newLambd) {
            lambd = newLambd;
            return this;
        }
    }

    private Number lambd;

    Shrink(Consumer<Options> options) {
        lambd = Customized.of(new Options(), options).lambd;
    }

    /** Half the width of the zero zone. */
    public final double lambd() {
        return lambd.doubleValue();
    }

    /** Sets {@link #lambd()}; it is shown as it is given. */
    public final void lambd(Number newLambd) {
        lambd = Objects.requireNonNull(newLambd, "lambd");
    }

    @Override
    protected String extraRepr() {
        return PythonText.number(lambd);
    }
}
