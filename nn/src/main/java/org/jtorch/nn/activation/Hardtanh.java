package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * {@code min(max(x, min_val), max_val)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html">torch.nn.Hardtanh</a>
 */
public class Hardtanh extends InplaceActivation {

    /** The optional arguments of {@link Hardtanh}. {@link #toString} of the layer shows numbers as given. */
    public static final class Options extends InplaceOptions<Options> {
        private Number minVal = -1.0;
        private Number maxVal = 1.0;

        /** Sets the least output; the default is -1. */
        public Options minVal(Number newMinVal) {
            minVal = newMinVal;
            return this;
        }

        /** Sets the greatest output; the default is 1. */
        public Options maxVal(Number newMaxVal) {
            maxVal = newMaxVal;
            return this;
        }
    }

    private Number minVal;
    private Number maxVal;

    /** Creates a layer with the default options. */
    public Hardtanh() {
        this(o -> {});
    }

    /** Creates the activation with outputs from {@code minVal} to {@code maxVal}. */
    public Hardtanh(Number minVal, Number maxVal) {
        this(o -> o.minVal(minVal).maxVal(maxVal));
    }

    /**
     * Creates the activation with outputs from {@code minVal} to {@code maxVal}, which changes its input in place if
     * {@code inplace} is true.
     */
    public Hardtanh(Number minVal, Number maxVal, boolean inplace) {
        this(o -> o.minVal(minVal).maxVal(maxVal).inplace(inplace));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if {@code maxVal} is not greater than {@code minVal}
     */
    public Hardtanh(Consumer<Options> options) {
        this(Customized.of(new Options(), options));
    }

    private Hardtanh(Options o) {
        super(o);
        minVal = o.minVal;
        maxVal = o.maxVal;
        check(minVal, maxVal);
    }

    private static void check(Number minVal, Number maxVal) {
        if (!(maxVal.doubleValue() > minVal.doubleValue())) {
            throw new IllegalArgumentException("max_val (" + PythonText.number(maxVal)
                    + ") must be greater than min_val (" + PythonText.number(minVal) + ")");
        }
    }

    /** Returns the least result. */
    public final Number minVal() {
        return minVal;
    }

    /**
     * Sets {@link #minVal()}; {@link #toString} shows it as given.
     *
     * @throws IllegalArgumentException if it is not less than {@link #maxVal()}
     */
    public final void minVal(Number newMinVal) {
        check(newMinVal, maxVal);
        minVal = newMinVal;
    }

    /** Returns the greatest result. */
    public final Number maxVal() {
        return maxVal;
    }

    /**
     * Sets {@link #maxVal()}; {@link #toString} shows it as given.
     *
     * @throws IllegalArgumentException if it is not greater than {@link #minVal()}
     */
    public final void maxVal(Number newMaxVal) {
        check(minVal, newMaxVal);
        maxVal = newMaxVal;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.hardtanh(x, minVal, maxVal, inplace);
    }

    @Override
    String arguments() {
        return "min_val=" + PythonText.number(minVal) + ", max_val=" + PythonText.number(maxVal);
    }
}
