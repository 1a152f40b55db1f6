package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Gaussian error linear unit: {@code x * Phi(x)}, any shape. Phi is the cumulative distribution function of the standard normal
 * distribution.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.GELU.html">torch.nn.GELU</a>
 * @see <a href="https://arxiv.org/abs/1606.08415">Gaussian error linear units, Hendrycks and Gimpel 2016</a>
 */
public class GELU extends Layer {

    /** The optional arguments of {@link GELU}. */
    public static final class Options {
        private String approximate = "none";

        /**
         * Sets the approximation: {@code none}, the default, for the exact function; {@code tanh} for an approximation by the
         * hyperbolic tangent.
         */
        public Options approximate(String newApproximate) {
            approximate = newApproximate;
            return this;
        }
    }

    private String approximate;

    /** Creates the exact activation. */
    public GELU() {
        this(o -> {});
    }

    /** Creates the exact activation for {@code none}, or an approximation for {@code tanh}. */
    public GELU(String approximate) {
        this(o -> o.approximate(approximate));
    }

    /** Creates the exact activation or an approximation. */
    public GELU(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        approximate = o.approximate;
    }

    /** Returns {@code none} for the exact function, or {@code tanh} for the approximation. */
    public final String approximate() {
        return approximate;
    }

    /** Sets {@link #approximate()}. */
    public final void approximate(String newApproximate) {
        approximate = Objects.requireNonNull(newApproximate, "approximate");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.gelu(x, approximate);
    }

    @Override
    protected String extraRepr() {
        return "approximate='" + approximate + "'";
    }
}
