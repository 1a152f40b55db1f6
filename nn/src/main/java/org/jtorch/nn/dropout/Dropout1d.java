package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Zeroes each channel with probability {@code p} in training and scales the others by {@code 1 / (1 - p)}: {@code (N, C, L)} or
 * {@code (C, L)} to the same shape. In eval mode, the input is returned.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html">torch.nn.Dropout1d</a>
 * @see <a href="https://arxiv.org/abs/1411.4280">Efficient object localization using convolutional networks, Tompson et al.
 *     2015</a>
 */
public class Dropout1d extends DropoutNd {

    /** Creates a dropout with probability 0.5. */
    public Dropout1d() {
        this(o -> {});
    }

    /** Creates a dropout with probability {@code p}. */
    public Dropout1d(Number p) {
        this(o -> o.p(p));
    }

    /** Creates a dropout with probability {@code p}, which changes its input in place if {@code inplace} is true. */
    public Dropout1d(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if {@code p} is not between 0 and 1
     */
    public Dropout1d(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.dropout1d(x, p, isTraining(), inplace);
    }
}
