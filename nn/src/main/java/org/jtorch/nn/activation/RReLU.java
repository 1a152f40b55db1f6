package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * Randomized leaky rectifier: {@code x} above zero, {@code a * x} below, any shape. In training, each {@code a} is drawn
 * uniformly from {@code [lower, upper)}; in eval mode, it is the mean of the two.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.RReLU.html">torch.nn.RReLU</a>
 * @see <a href="https://arxiv.org/abs/1505.00853">Empirical evaluation of rectified activations in convolutional network, Xu et
 *     al. 2015</a>
 */
public class RReLU extends InplaceActivation {

    /** The optional arguments of {@link RReLU}. {@link #toString} of the layer shows numbers as given. */
    public static final class Options extends InplaceOptions<Options> {
        private Number lower = 1.0 / 8;
        private Number upper = 1.0 / 3;

        /** Sets the least slope below zero; the default is 1/8. */
        public Options lower(Number newLower) {
            lower = newLower;
            return this;
        }

        /** Sets the greatest slope below zero; the default is 1/3. */
        public Options upper(Number newUpper) {
            upper = newUpper;
            return this;
        }
    }

    private Number lower;
    private Number upper;

    /** Creates a layer with the default options. */
    public RReLU() {
        this(o -> {});
    }

    /** Creates the activation with slopes from {@code lower} to {@code upper}. */
    public RReLU(Number lower, Number upper) {
        this(o -> o.lower(lower).upper(upper));
    }

    /**
     * Creates the activation with slopes from {@code lower} to {@code upper}, which changes its input in place if
     * {@code inplace} is true.
     */
    public RReLU(Number lower, Number upper, boolean inplace) {
        this(o -> o.lower(lower).upper(upper).inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public RReLU(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private RReLU(Options o) {
        super(o);
        lower = o.lower;
        upper = o.upper;
    }

    /** Returns the least slope below zero. */
    public final double lower() {
        return lower.doubleValue();
    }

    /** Sets {@link #lower()}; {@link #toString} shows it as given. */
    public final void lower(Number newLower) {
        lower = Objects.requireNonNull(newLower, "lower");
    }

    /** Returns the greatest slope below zero. */
    public final double upper() {
        return upper.doubleValue();
    }

    /** Sets {@link #upper()}; {@link #toString} shows it as given. */
    public final void upper(Number newUpper) {
        upper = Objects.requireNonNull(newUpper, "upper");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.rrelu(x, lower.doubleValue(), upper.doubleValue(), isTraining(), inplace);
    }

    @Override
    String arguments() {
        return "lower=" + PythonText.number(lower) + ", upper=" + PythonText.number(upper);
    }
}
