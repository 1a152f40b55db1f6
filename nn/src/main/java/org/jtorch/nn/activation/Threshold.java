package org.jtorch.nn.activation;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.internal.PythonText;

/**
 * {@code x} where it is greater than {@code threshold}, {@code value} elsewhere, any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Threshold.html">torch.nn.Threshold</a>
 */
public class Threshold extends InplaceActivation {

    private final Number threshold;
    private final Number value;

    /** One that leaves its input as it is. */
    public Threshold(Number threshold, Number value) {
        this(threshold, value, o -> {});
    }

    /**
     * As {@code options} say.
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

    @Override
    protected Tensor forward(Tensor x) {
        return F.threshold(x, threshold, value, inplace);
    }

    @Override
    String arguments() {
        return "threshold=" + PythonText.number(threshold) + ", value=" + PythonText.number(value);
    }
}
