package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * In training, zeroes each element with probability {@code p} and scales the others by {@code 1 / (1 - p)}; in eval mode,
 * gives its input back. Any shape.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html">torch.nn.Dropout</a>
 * @see <a href="https://arxiv.org/abs/1207.0580">Improving neural networks by preventing co-adaptation of feature
 *     detectors, Hinton et al. 2012</a>
 */
public class Dropout extends DropoutNd {

    /** With probability 0.5. */
    public Dropout() {
        this(o -> {});
    }

    /** With probability {@code p}. */
    public Dropout(Number p) {
        this(o -> o.p(p));
    }

    /** With probability {@code p}, changing the input itself if {@code inplace}. */
    public Dropout(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if p is no probability
     */
    public Dropout(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.dropout(x, p, isTraining(), inplace);
    }
}
