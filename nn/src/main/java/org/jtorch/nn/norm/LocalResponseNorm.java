package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Divides each element by {@code (k + alpha * mean)^beta}. The mean is that of the squares at the same position in {@code size}
 * neighbouring channels: {@code (N, C, *)} to the same shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html">torch.nn.LocalResponseNorm</a>
 */
public class LocalResponseNorm extends ResponseNorm {

    /** Creates a layer with the default options. */
    public LocalResponseNorm(long size) {
        this(size, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param size the number of channels over which the squares are summed
     * @param options sets the optional arguments
     */
    public LocalResponseNorm(long size, Consumer<Options> options) {
        super(size, 1.0, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.localResponseNorm(x, size, alpha, beta, k);
    }
}
