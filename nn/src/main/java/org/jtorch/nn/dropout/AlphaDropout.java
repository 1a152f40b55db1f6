package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Drops each element with probability {@code p} in training: it becomes the least value of {@code SELU}. The result is scaled
 * so that a mean of 0 and a variance of 1 are kept. In eval mode, the input is returned. Any shape. As in PyTorch,
 * {@code inplace} is shown but has no effect.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html">torch.nn.AlphaDropout</a>
 * @see <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks, Klambauer et al. 2017</a>
 */
public class AlphaDropout extends DropoutNd {

    /** Creates a dropout with probability 0.5. */
    public AlphaDropout() {
        this(o -> {});
    }

    /** Creates a dropout with probability {@code p}. */
    public AlphaDropout(Number p) {
        this(o -> o.p(p));
    }

    /** Creates a dropout with probability {@code p}, which changes its input in place if {@code inplace} is true. */
    public AlphaDropout(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if {@code p} is not between 0 and 1
     */
    public AlphaDropout(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.alphaDropout(x, p, isTraining(), false);
    }
}
