package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * {@code max(0, x) + negative_slope * min(0, x)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html">torch.nn.LeakyReLU</a>
 */
public class LeakyReLU extends InplaceActivation {

    /** The optional arguments of {@link LeakyReLU}. {@link #toString} of the layer shows numbers as given. */
    public static final class Options extends InplaceOptions<Options> {
        private Number negativeSlope = 0.01;

        /** Sets the slope below zero; the default is 0.01. */
        public Options negativeSlope(Number newNegativeSlope) {
            negativeSlope = newNegativeSlope;
            return this;
        }
    }

    private Number negativeSlope;

    /** Creates a layer with the default options. */
    public LeakyReLU() {
        this(o -> {});
    }

    /** Creates the activation with the given slope below zero. */
    public LeakyReLU(Number negativeSlope) {
        this(o -> o.negativeSlope(negativeSlope));
    }

    /** Creates the activation with the given slope below zero, which changes its input in place if {@code inplace} is true. */
    public LeakyReLU(Number negativeSlope, boolean inplace) {
        this(o -> o.negativeSlope(negativeSlope).inplace(inplace));
    }

    /** Creates a layer with the options that {@code options} sets. */
    public LeakyReLU(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private LeakyReLU(Options o) {
        super(o);
        negativeSlope = o.negativeSlope;
    }

    /** Returns the slope below zero. */
    public final double negativeSlope() {
        return negativeSlope.doubleValue();
    }

    /** Sets {@link #negativeSlope()}; {@link #toString} shows it as given. */
    public final void negativeSlope(Number newNegativeSlope) {
        negativeSlope = Objects.requireNonNull(newNegativeSlope, "negativeSlope");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.leakyRelu(x, negativeSlope.doubleValue(), inplace);
    }

    @Override
    String arguments() {
        return "negative_slope=" + PythonText.number(negativeSlope);
    }
}
