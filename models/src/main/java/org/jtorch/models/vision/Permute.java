package org.jtorch.models.vision;

import org.jtorch.Tensor;
import org.jtorch.nn.Module;

/** Reorders the dimensions: a view of the input. */
public final class Permute extends Module<Tensor, Tensor> {

    private final long[] dims;

    /** Creates the layer with the new order of the dimensions. */
    public Permute(long... dims) {
        this.dims = dims.clone();
    }

    @Override
    protected Tensor forward(Tensor x) {
        return x.permute(dims);
    }
}
