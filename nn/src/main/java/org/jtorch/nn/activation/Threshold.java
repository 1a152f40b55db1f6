package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * {@code x} where it is greater than {@code threshold}, {@code value} elsewhere, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Threshold.html">torch.nn.Threshold</a>
 */
public class Threshold extends InplaceActivation {

    private Number threshold;
    private Number value;

    /** One that leaves its input as it is. */
    public Threshold(Number threshold, Number value) {
        this(threshold, value, o -> {});
    }

    /** One that changes its input itself if {@code inplace}. */
    public Threshold(Number threshold, Number value, boolean inplace) {
        this(threshold, value, o -> o.inplace(inplace));
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param threshold what an element must exceed to stay
     * @param value what stands in place of the others
     * @param options sets the optional arguments
     */
    public Threshold(Number threshold, Number value, Consumer<Options> options) {
        super(options);
        this.threshold = threshold;
        this.value = value;
    }

    /** Returns what an element must exceed to stay. */
    public final Number threshold() {
        return threshold;
    }

    /** Sets {@link #threshold()}; it is shown as it is given. */
    public final void threshold(Number newThreshold) {
        threshold = Objects.requireNonNull(newThreshold, "threshold");
    }

    /** Returns what stands in place of the others. */
    public final Number value() {
        return value;
    }

    /** Sets {@link #value()}; it is shown as it is given. */
    public final void value(Number newValue) {
        value = Objects.requireNonNull(newValue, "value");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.threshold(x, threshold, value, inplace);
    }

    @Override
    String arguments() {
        return "threshold=" + PythonText.number(threshold) + ", value=" + PythonText.number(value);
    }
}
