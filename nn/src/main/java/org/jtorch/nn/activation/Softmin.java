package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * {@code exp(-x_i) / sum_j exp(-x_j)} along one dimension, any shape: what it gives is positive and sums to 1 there.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softmin.html">torch.nn.Softmin</a>
 */
public class Softmin extends AlongDim {

    /** Along dimension 0 of inputs with 0, 1 or 3 dimensions, else along 1: PyTorch's old choice; better say which. */
    public Softmin() {
        super(null);
    }

    /** Along a dimension; negative counts from the last. */
    public Softmin(long dim) {
        super(dim);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return dim == null ? F.softmin(x) : F.softmin(x, dim);
    }
}
