package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * {@code log(exp(x_i) / sum_j exp(x_j))} along one dimension, any shape; stable.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html">torch.nn.LogSoftmax</a>
 */
public class LogSoftmax extends AlongDim {

    /** Along dimension 0 of inputs with 0, 1 or 3 dimensions, else along 1: PyTorch's old choice; better say which. */
    public LogSoftmax() {
        super(null);
    }

    /** Along a dimension; negative counts from the last. */
    public LogSoftmax(long dim) {
        super(dim);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return dim == null ? F.logSoftmax(x) : F.logSoftmax(x, dim);
    }
}
