package org.jtorch.nn.dropout;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * An {@link AlphaDropout} that drops whole channels: {@code (N, C, *)} to the same shape. As in PyTorch, {@code inplace} is
 * shown but has no effect.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html">torch.nn.FeatureAlphaDropout</a>
 * @see <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks, Klambauer et al. 2017</a>
 */
public class FeatureAlphaDropout extends DropoutNd {

    /** Creates a dropout with probability 0.5. */
    public FeatureAlphaDropout() {
        this(o -> {});
    }

    /** Creates a dropout with probability {@code p}. */
    public FeatureAlphaDropout(Number p) {
        this(o -> o.p(p));
    }

    /** Creates a dropout with probability {@code p}, which changes its input in place if {@code inplace} is true. */
    public FeatureAlphaDropout(Number p, boolean inplace) {
        this(o -> o.p(p).inplace(inplace));
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @throws IllegalArgumentException if {@code p} is not between 0 and 1
     */
    public FeatureAlphaDropout(Consumer<Options> options) {
        super(options);
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.featureAlphaDropout(x, p, isTraining(), false);
    }
}
