package org.jtorch.nn.padding;

import java.util.Objects;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.internal.Sizes;

/** What paddings by a constant share. */
public abstract class ConstantPadNd extends Layer {

    private final int dims;
    private long[] padding;
    private Number value;

    ConstantPadNd(int dims, long[] padding, Number value) {
        this.dims = dims;
        this.padding = Sizes.sides(dims, padding);
        this.value = value;
    }

    /** Returns the sizes before and after each spatial dimension, beginning with the last; a copy. */
    public final long[] padding() {
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}.
     *
     * @throws IllegalArgumentException if there are neither one nor two for each spatial dimension
     */
    public final void padding(long... newPadding) {
        padding = Sizes.sides(dims, newPadding);
    }

    /** Returns the constant. */
    public final Number value() {
        return value;
    }

    /** Sets {@link #value()}; it is shown as it is given. */
    public final void value(Number newValue) {
        value = Objects.requireNonNull(newValue, "value");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.pad(x, padding, value);
    }

    /** Returns the padding as PyTorch writes it. */
    final String sides() {
        return PythonText.tuple(padding);
    }

    @Override
    protected String extraRepr() {
        return "padding=" + sides() + ", value=" + PythonText.number(value);
    }
}
