package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.TorchException;

/**
 * Divides each element by {@code (k + alpha / size * sum)^beta}. The sum is that of the squares at the same position in
 * {@code size} neighbouring channels: {@code (N, C, H, W)} to the same shape. It reproduces PyTorch's results, including their
 * deviations from the formula at the borders; {@link LocalResponseNorm} has no such deviations.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.CrossMapLRN2d.html">torch.nn.CrossMapLRN2d</a>
 */
public class CrossMapLRN2d extends ResponseNorm {

    /** Creates a layer with the default options. */
    public CrossMapLRN2d(long size) {
        this(size, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param size the number of channels over which the squares are summed
     * @param options sets the optional arguments
     */
    public CrossMapLRN2d(long size, Consumer<Options> options) {
        super(size, 1, options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        if (x.dim() != 4) {
            throw new TorchException("CrossMapLRN2d: Expected input to be 4D, got " + x.dim() + "D instead.");
        }
        return new CrossMapFunction(size, alpha, beta, k).apply(x);
    }
}
