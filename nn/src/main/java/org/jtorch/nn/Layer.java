package org.jtorch.nn;

import org.jtorch.Tensor;

/** A module that computes one tensor from one, as most layers do: a short name for {@code Module<Tensor, Tensor>}. */
public abstract class Layer extends Module<Tensor, Tensor> {

    /** A layer in training mode. */
    protected Layer() {}
}
