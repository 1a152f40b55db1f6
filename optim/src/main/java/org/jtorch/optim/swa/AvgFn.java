package org.jtorch.optim.swa;

import org.jtorch.Tensor;

/** Computes the new average of a tensor. It is called outside of autograd. */
@FunctionalInterface
public interface AvgFn {

    /**
     * Returns the new average.
     *
     * @param averaged the average so far, which must not be changed
     * @param current the tensor of the model, of the same shape
     * @param numAveraged the number of models in the average so far, at least 1
     */
    Tensor apply(Tensor averaged, Tensor current, long numAveraged);
}
