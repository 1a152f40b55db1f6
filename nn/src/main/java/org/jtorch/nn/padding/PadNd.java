package org.jtorch.nn.padding;

import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.internal.Sizes;

/** The base class of paddings whose values come from the tensor itself. */
public abstract class PadNd extends Layer {

    private final int dims;
    private long[] padding;
    private final PaddingMode mode;

    PadNd(int dims, long[] padding, PaddingMode mode) {
        this.dims = dims;
        this.padding = Sizes.sides(dims, padding);
        this.mode = mode;
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

    @Override
    protected Tensor forward(Tensor x) {
        if (mode == PaddingMode.CIRCULAR && x.dim() != dims + 1 && x.dim() != dims + 2) {
            throw new TorchException(
                    "expected " + (dims + 1) + "D or " + (dims + 2) + "D input (got " + x.dim() + "D input)");
        }
        return F.pad(x, padding, mode);
    }

    @Override
    protected String extraRepr() {
        return PythonText.tuple(padding);
    }
}
