package org.jtorch.nn;

import org.jtorch.Tensor;

/** A module that computes one tensor from one tensor, as most layers do: a short name for {@code Module<Tensor, Tensor>}. */
public abstract class Layer extends Module<Tensor, Tensor> {

    /** Creates a layer in training mode. */
    protected Layer() {}
}
