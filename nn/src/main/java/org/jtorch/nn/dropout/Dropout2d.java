package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * In training, zeroes each channel with probability {@code p} and scales the others by {@code 1 / (1 - p)}:
 * {@code (N, C, H, W)} to the same. As in PyTorch, an input of three dimensions is taken for {@code (N, C, L)}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html">torch.nn.Dropout2d</a>
 * @see <a href="https://arxiv.org/abs/1411.4280">Efficient object localization using convolutional networks, Tompson et al. 2015</a>
 */
public class Dropout2d extends DropoutNd {

    /** With probability 0.5. */
    public Dropout2d() {
        this(o -> {});
    }

    /** With probability {@code p}. */
    public Dropout2d(Number p) {
        this(o -> o.p(p));
    }

    /** With probability {@code p}, changing the input itself if {@code inplace}. */
    public Dropout2d(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if p is no probability
     */
    public Dropout2d(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.dropout2d(x, p, isTraining(), inplace);
    }
}
