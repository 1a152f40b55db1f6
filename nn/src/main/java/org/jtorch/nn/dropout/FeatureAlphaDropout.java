package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * {@link AlphaDropout} of whole channels: {@code (N, C, *)} to the same. As in PyTorch, {@code inplace} is shown and has no
 * effect.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html">torch.nn.FeatureAlphaDropout</a>
 * @see <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks, Klambauer et al. 2017</a>
 */
public class FeatureAlphaDropout extends DropoutNd {

    /** With probability 0.5. */
    public FeatureAlphaDropout() {
        this(o -> {});
    }

    /** With probability {@code p}. */
    public FeatureAlphaDropout(Number p) {
        this(o -> o.p(p));
    }

    /** With probability {@code p}, changing the input itself if {@code inplace}. */
    public FeatureAlphaDropout(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if p is no probability
     */
    public FeatureAlphaDropout(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.featureAlphaDropout(x, p, isTraining(), false);
    }
}
