package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes {@code exp(x_i) / sum_j exp(x_j)} along one dimension, any shape. The output is positive and its sum along the
 * dimension is 1.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html">torch.nn.Softmax</a>
 */
public class Softmax extends AlongDim {

    /**
     * Creates the activation with PyTorch's former choice of the dimension: 0 for inputs with 0, 1 or 3 dimensions, otherwise
     * 1. It is better to give the dimension.
     */
    public Softmax() {
        super(null);
    }

    /** Creates the activation for a dimension. A negative dimension counts from the last. */
    public Softmax(long dim) {
        super(dim);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return dim == null ? F.softmax(x) : F.softmax(x, dim);
    }
}
