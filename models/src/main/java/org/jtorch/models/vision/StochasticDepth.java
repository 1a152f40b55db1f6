package org.jtorch.models.vision;

import java.util.Arrays;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;

/**
 * Zeroes each row of a batch with probability {@code p} in training and scales the others by {@code 1 / (1 - p)}: (N, *) to the same
 * shape. In eval mode, the input is returned. It is the mode {@code row} of torchvision.
 *
 * @see <a href="https://arxiv.org/abs/1603.09382">Deep Networks with Stochastic Depth</a>
 */
public final class StochasticDepth extends Module<Tensor, Tensor> {

    private final double p;

    /**
     * Creates the layer.
     *
     * @throws IllegalArgumentException if {@code p} is not between 0 and 1
     */
    public StochasticDepth(double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("drop probability has to be between 0 and 1, but got " + p);
        }
        this.p = p;
    }

    /**
     * Returns the probability in a block of a model whose probabilities grow evenly.
     *
     * @param last the probability after the last step
     * @param block the position of the block
     * @param steps the number of steps from 0 to {@code last}
     */
    public static double at(double last, long block, long steps) {
        return steps == 0 ? 0 : last * block / steps;
    }

    @Override
    protected Tensor forward(Tensor x) {
        if (!isTraining() || p == 0) {
            return x;
        }
        long[] size = new long[Math.toIntExact(x.dim())];
        Arrays.fill(size, 1);
        size[0] = x.size(0);
        Tensor noise = x.detach().newEmpty(size).bernoulli_(1 - p);
        return x.mul(p < 1 ? noise.div_(1 - p) : noise);
    }

    @Override
    protected String extraRepr() {
        return "p=" + p + ", mode=row";
    }
}
