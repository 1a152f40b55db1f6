package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.functional.F;

/**
 * Keeps {@code x} if it is greater than {@code threshold}, and replaces other elements by {@code value}. Any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Threshold.html">torch.nn.Threshold</a>
 */
public class Threshold extends InplaceActivation {

    private Number threshold;
    private Number value;

    /** Creates an activation that does not change its input. */
    public Threshold(Number threshold, Number value) {
        this(threshold, value, o -> {});
    }

    /** Creates an activation that changes its input in place if {@code inplace} is true. */
    public Threshold(Number threshold, Number value, boolean inplace) {
        this(threshold, value, o -> o.inplace(inplace));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param threshold the number that an element must exceed to be kept
     * @param value the replacement for the other elements
     * @param options sets the optional arguments
     */
    public Threshold(Number threshold, Number value, Consumer<Options> options) {
        super(options);
        this.threshold = threshold;
        this.value = value;
    }

    /** Returns the number that an element must exceed to be kept. */
    public final Number threshold() {
        return threshold;
    }

    /** Sets {@link #threshold()}; {@link #toString} shows it as given. */
    public final void threshold(Number newThreshold) {
        threshold = Objects.requireNonNull(newThreshold, "threshold");
    }

    /** Returns the replacement for the other elements. */
    public final Number value() {
        return value;
    }

    /** Sets {@link #value()}; {@link #toString} shows it as given. */
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
