package org.jtorch.nn.padding;

import java.util.Objects;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.internal.Sizes;

/** The base class of paddings with a constant. */
public abstract class ConstantPadNd extends Layer {

    private final int dims;
    private long[] padding;
    private Number value;

    ConstantPadNd(int dims, long[] padding, Number value) {
        this.dims = dims;
        this.padding = Sizes.sides(dims, padding);
        this.value = value;
    }

    /** Returns a copy of the sizes before and after each spatial dimension, beginning with the last dimension. */
    public final long[] padding() {
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor twice the number of spatial dimensions
     */
    public final void padding(long... newPadding) {
        padding = Sizes.sides(dims, newPadding);
    }

    /** Returns the constant. */
    public final Number value() {
        return value;
    }

    /** Sets {@link #value()}; {@link #toString} shows it as given. */
    public final void value(Number newValue) {
        value = Objects.requireNonNull(newValue, "value");
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.pad(x, padding, value);
    }

    /** Returns the padding as PyTorch shows it. */
    final String sides() {
        return PythonText.tuple(padding);
    }

    @Override
    protected String extraRepr() {
        return "padding=" + sides() + ", value=" + PythonText.number(value);
    }
}
