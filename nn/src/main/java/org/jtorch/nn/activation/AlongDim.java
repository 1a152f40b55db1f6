package org.jtorch.nn.activation;

import org.jspecify.annotations.Nullable;
import org.jtorch.nn.Layer;

/** The base class of activations that normalize along one dimension. */
public abstract class AlongDim extends Layer {

    @Nullable
    Long dim;

    AlongDim(@Nullable Long dim) {
        this.dim = dim;
    }

    /** Returns the dimension, or null for PyTorch's former implicit choice. A negative dimension counts from the last. */
    public final @Nullable Long dim() {
        return dim;
    }

    /** Sets {@link #dim()}. */
    public final void dim(@Nullable Long newDim) {
        dim = newDim;
    }

    @Override
    protected String extraRepr() {
        return "dim=" + (dim == null ? "None" : dim);
    }
}
