package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Keeps {@code x} if {@code |x| > lambd}, and replaces other elements by zero. Any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html">torch.nn.Hardshrink</a>
 */
public class Hardshrink extends Shrink {

    /** Creates the activation with a zero zone from -0.5 to 0.5. */
    public Hardshrink() {
        this(o -> {});
    }

    /** Creates the activation with a zero zone from {@code -lambd} to {@code lambd}. */
    public Hardshrink(Number lambd) {
        this(o -> o.lambd(lambd));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public Hardshrink(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.hardshrink(x, lambd());
    }
}
