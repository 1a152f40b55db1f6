package org.jtorch.nn.padding;

import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/** What paddings by a constant share. */
public abstract class ConstantPadNd extends Layer {

    private final long[] padding;
    private final Number value;

    ConstantPadNd(int dims, long[] padding, Number value) {
        this.padding = Sizes.sides(dims, padding);
        this.value = value;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.pad(x, padding, value);
    }

    /** The padding as PyTorch writes it. */
    final String sides() {
        return PythonText.tuple(padding);
    }

    @Override
    protected String extraRepr() {
        return "padding=" + sides() + ", value=" + PythonText.number(value);
    }
}
