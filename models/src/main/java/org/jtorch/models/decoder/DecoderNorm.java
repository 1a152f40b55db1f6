package org.jtorch.models.decoder;

import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;

/**
 * Divides states by the root of the mean of their squares, in float32: {@code x / sqrt(mean(x^2) + eps) * (offset + weight)}, (*,
 * size) to (*, size).
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Root Mean Square Layer Normalization</a>
 */
public final class DecoderNorm extends Module<Tensor, Tensor> {

    Parameter weight;
    private final double eps;
    private final double offset;

    /**
     * Creates a normalization.
     *
     * @param size the size of a state
     * @param eps the number that is added to the mean of the squares
     * @param offset what is added to the weights, which are {@code 1 - offset} at first
     */
    public DecoderNorm(long size, double eps, double offset) {
        weight = new Parameter(Torch.full(new long[] {size}, 1 - offset));
        this.eps = eps;
        this.offset = offset;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor wide = x.to(DType.FLOAT32);
        Tensor normed =
                wide.mul(wide.square().mean(new long[] {-1}, true).add(eps).rsqrt());
        return offset == 0 // rounded as the models are
                ? weight.mul(normed.to(x.dtype()))
                : normed.mul(weight.to(DType.FLOAT32).add(offset)).to(x.dtype());
    }
}
