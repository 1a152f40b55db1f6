package org.jtorch.nn.activation;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Layer;

/** What activations share that normalise along one dimension. */
public abstract class AlongDim extends Layer {

    /** The dimension, negative counts from the last; or null for PyTorch's old implicit choice. */
    public final @Nullable Long dim;

    AlongDim(@Nullable Long dim) {
        this.dim = dim;
    }

    /** The dimension to use; where none was given, 0 for inputs of 0, 1 or 3 dimensions, else 1. */
    final long dimFor(Tensor x) {
        if (dim != null) {
            return dim;
        }
        long dims = x.dim();
        return dims == 0 || dims == 1 || dims == 3 ? 0 : 1;
    }

    @Override
    protected String extraRepr() {
        return "dim=" + (dim == null ? "None" : dim);
    }
}
