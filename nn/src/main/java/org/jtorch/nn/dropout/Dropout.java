package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Zeroes each element with probability {@code p} in training and scales the others by {@code 1 / (1 - p)}. In eval mode, the
 * input is returned. Any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html">torch.nn.Dropout</a>
 * @see <a href="https://arxiv.org/abs/1207.0580">Improving neural networks by preventing co-adaptation of feature detectors,
 *     Hinton et al. 2012</a>
 */
public class Dropout extends DropoutNd {

    /** Creates a dropout with probability 0.5. */
    public Dropout() {
        this(o -> {});
    }

    /** Creates a dropout with probability {@code p}. */
    public Dropout(Number p) {
        this(o -> o.p(p));
    }

    /** Creates a dropout with probability {@code p}, which changes its input in place if {@code inplace} is true. */
    public Dropout(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if {@code p} is not between 0 and 1
     */
    public Dropout(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.dropout(x, p, isTraining(), inplace);
    }
}
