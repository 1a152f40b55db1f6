package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Moves {@code x} towards zero by {@code lambd}. Elements with {@code |x| <= lambd} become zero. Any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softshrink.html">torch.nn.Softshrink</a>
 */
public class Softshrink extends Shrink {

    /** Creates the activation with a zero zone from -0.5 to 0.5. */
    public Softshrink() {
        this(o -> {});
    }

    /** Creates the activation with a zero zone from {@code -lambd} to {@code lambd}. */
    public Softshrink(Number lambd) {
        this(o -> o.lambd(lambd));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public Softshrink(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.softshrink(x, lambd());
    }
}
