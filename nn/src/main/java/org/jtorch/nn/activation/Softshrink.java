package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * {@code x} moved towards zero by {@code lambd}, zero where {@code |x| <= lambd}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softshrink.html">torch.nn.Softshrink</a>
 */
public class Softshrink extends Layer {

    /** The optional arguments of {@link Softshrink}. */
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
    public Softshrink() {
        this(o -> {});
    }

    /** With a zero zone from {@code -lambd} to {@code lambd}. */
    public Softshrink(Number lambd) {
        this(o -> o.lambd(lambd));
    }

    /** Creates one with the options that {@code options} sets. */
    public Softshrink(Consumer<Options> options) {
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
        return F.softshrink(x, lambd.doubleValue());
    }

    @Override
    protected String extraRepr() {
        return PythonText.number(lambd);
    }
}
