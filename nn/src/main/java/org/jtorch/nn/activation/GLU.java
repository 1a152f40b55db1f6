package org.jtorch.nn.activation;

import org.jtorch.Tensor;
import org.jtorch.nn.Layer;
import org.jtorch.nn.functional.F;

/**
 * Gated linear unit: {@code a * sigmoid(b)}, any shape. The tensors a and b are the halves of the input along one dimension,
 * which becomes half as long.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.GLU.html">torch.nn.GLU</a>
 * @see <a href="https://arxiv.org/abs/1612.08083">Language modeling with gated convolutional networks, Dauphin et al. 2016</a>
 */
public class GLU extends Layer {

    private long dim;

    /** Creates the activation for the last dimension. */
    public GLU() {
        this(-1);
    }

    /** Creates the activation for a dimension. A negative dimension counts from the last. */
    public GLU(long dim) {
        this.dim = dim;
    }

    /** Returns the dimension that is halved. A negative dimension counts from the last. */
    public final long dim() {
        return dim;
    }

    /** Sets {@link #dim()}. */
    public final void dim(long newDim) {
        dim = newDim;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.glu(x, dim);
    }

    @Override
    protected String extraRepr() {
        return "dim=" + dim;
    }
}
