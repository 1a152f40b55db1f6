package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * {@code x} where {@code |x| > lambd}, zero elsewhere, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html">torch.nn.Hardshrink</a>
 */
public class Hardshrink extends Layer {

    /** The optional arguments of {@link Hardshrink}. */
    public static final class Options {
        private Number lambd = 0.5;

        /** Half the width of the zero zone; default 0.5. Shown as it is given. */
        public Options lambd(Number newLambd) {
            lambd = newLambd;
            return this;
        }
    }

    private Number lambd;

    /** With a zero zone from -0.5 to 0.5. */
    public Hardshrink() {
        this(o -> {});
    }

    /** With a zero zone from {@code -lambd} to {@code lambd}. */
    public Hardshrink(Number lambd) {
        this(o -> o.lambd(lambd));
    }

    /** Creates one with the options that {@code options} sets. */
    public Hardshrink(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        lambd = o.lambd;
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
    protected Tensor forward(Tensor x) {
        return F.hardshrink(x, lambd.doubleValue());
    }

    @Override
    protected String extraRepr() {
        return PythonText.number(lambd);
    }
}
