package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;

/**
 * {@code exp(x_i) / sum_j exp(x_j)} along one dimension, any shape: what it gives is positive and sums to 1 there.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html">torch.nn.Softmax</a>
 */
public class Softmax extends Layer {

    /** The dimension that sums to 1. */
    public final long dim;

    /**
     * A softmax.
     *
     * @param dim the dimension that sums to 1; negative counts from the last
     */
    public Softmax(long dim) {
        this.dim = dim;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.softmax(x, dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
