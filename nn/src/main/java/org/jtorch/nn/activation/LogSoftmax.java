package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Computes {@code log(exp(x_i) / sum_j exp(x_j))} along one dimension in a numerically stable way. Any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html">torch.nn.LogSoftmax</a>
 */
public class LogSoftmax extends AlongDim {

    /**
     * Creates the activation with PyTorch's former choice of the dimension: 0 for inputs with 0, 1 or 3 dimensions, otherwise
     * 1. It is better to give the dimension.
     */
    public LogSoftmax() {
        super(null);
    }

    /** Creates the activation for a dimension. A negative dimension counts from the last. */
    public LogSoftmax(long dim) {
        super(dim);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return dim == null ? F.logSoftmax(x) : F.logSoftmax(x, dim);
    }
}
