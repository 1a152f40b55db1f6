package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.internal.PythonText;

/**
 * {@code min(max(x, min_val), max_val)}, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html">torch.nn.Hardtanh</a>
 */
public class Hardtanh extends InplaceActivation {

    /** The optional arguments of {@link Hardtanh}. Numbers are shown as they are given. */
    public static final class Options extends InplaceOptions<Options> {
        private Number minVal = -1.0;
        private Number maxVal = 1.0;

        /** The least result; default -1. */
        public Options minVal(Number newMinVal) {
            minVal = newMinVal;
            return this;
        }

        /** The greatest result; default 1. */
        public Options maxVal(Number newMaxVal) {
            maxVal = newMaxVal;
            return this;
        }

        @Override
        Options self() {
            return this;
        }

        private static Options of(Consumer<Options> setter) {
            Options o = new Options();
            setter.accept(o);
            return o;
        }
    }

    private final Number minVal;
    private final Number maxVal;

    /** With the default options. */
    public Hardtanh() {
        this(o -> {});
    }

    /**
     * As {@code options} say.
     *
     * @throws IllegalArgumentException where {@code max_val} is not greater than {@code min_val}
     */
    public Hardtanh(Consumer<Options> options) {
        this(Options.of(options));
    }

    private Hardtanh(Options o) {
        super(o);
        minVal = o.minVal;
        maxVal = o.maxVal;
        if (!(maxVal.doubleValue() > minVal.doubleValue())) {
            throw new IllegalArgumentException("max_val (" + PythonText.number(maxVal)
                    + ") must be greater than min_val (" + PythonText.number(minVal) + ")");
        }
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
