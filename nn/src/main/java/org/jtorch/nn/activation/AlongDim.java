package org.jtorch.nn.activation;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Layer;

/** What activations share that normalise along one dimension. */
public abstract class AlongDim extends Layer {

    /** The dimension, negative counts from the last; or null for PyTorch's old implicit choice. */
    public final @Nullable Long dim;

    AlongDim(@Nullable Long dim) {
        this.dim = dim;
    }

    @Override
    protected String extraRepr() {
        return "dim=" + (dim == null ? "None" : dim);
    }
}
