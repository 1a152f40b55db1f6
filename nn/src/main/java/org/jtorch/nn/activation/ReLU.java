package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;

/**
 * Rectifier: {@code max(0, x)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html">torch.nn.ReLU</a>
 */
public class ReLU extends Layer {

    /** The optional arguments of {@link ReLU}. */
    public static final class Options {
        private boolean inplace;

        /** Whether the input itself is changed and returned; default false. */
        public Options inplace(boolean newInplace) {
            inplace = newInplace;
            return this;
        }
    }

    private final boolean inplace;

    /** A rectifier that leaves its input as it is. */
    public ReLU() {
        this(o -> {});
    }

    /** A rectifier. */
    public ReLU(Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        inplace = o.inplace;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.relu(x, inplace);
    }

    @Override
    protected String extraRepr() {
        return inplace ? "inplace=True" : "";
    }
}
