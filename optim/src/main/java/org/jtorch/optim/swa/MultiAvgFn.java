package org.jtorch.optim.swa;

import java.util.List;
import org.jtorch.Tensor;

/** Computes the new averages of several tensors of the same dtype and device, in place. It is called outside of autograd. */
@FunctionalInterface
public interface MultiAvgFn {

    /**
     * Changes the averages.
     *
     * @param averaged the averages so far, which are changed
     * @param current the tensors of the model, of the same shapes in the same order
     * @param numAveraged the number of models in the average so far, at least 1
     */
    void apply(List<Tensor> averaged, List<Tensor> current, long numAveraged);
}
