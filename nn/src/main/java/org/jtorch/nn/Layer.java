package org.jtorch.nn;

import org.jtorch.Tensor;

/**
 * A module that computes one tensor from one and keeps a reference to neither; all plain layers are. A container may free
 * what such a layer gave as soon as the next has used it.
 */
public abstract class Layer extends Module<Tensor, Tensor> {

    /** A layer in training mode. */
    protected Layer() {}

    @Override
    boolean keepsTensors() {
        return false;
    }
}
