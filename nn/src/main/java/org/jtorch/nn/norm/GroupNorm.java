package org.jtorch.nn.norm;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.functional.F;

/**
 * Group normalization: {@code (x - mean) / sqrt(var + eps) * weight + bias}, with mean and variance over each group of channels
 * of each sample; {@code (N, C, *)} to the same shape.
 *
 * <p>Parameters: {@code weight} (C), ones; {@code bias} (C), zeros.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html">torch.nn.GroupNorm</a>
 * @see <a href="https://arxiv.org/abs/1803.08494">Group normalization, Wu and He 2018</a>
 */
public class GroupNorm extends AffineNorm {

    /** The optional arguments of {@link GroupNorm}. */
    public static final class Options extends LayerOptions<Options> {
        private Number eps = 1e-5;
        private boolean affine = true;
        private boolean bias = true;

        /** Sets the number added to the variance; the default is 1e-5. {@link #toString} of the layer shows it as given. */
        public Options eps(Number newEps) {
            eps = newEps;
            return this;
        }

        /** Sets whether there are a weight and a bias; the default is {@code true}. */
        public Options affine(boolean newAffine) {
            affine = newAffine;
            return this;
        }

        /** Sets whether there is a bias in addition to the weight; the default is {@code true}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }
    }

    private final long numGroups;

    private final long numChannels;

    /** Creates a layer with the default options. */
    public GroupNorm(long numGroups, long numChannels) {
        this(numGroups, numChannels, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param numGroups the number of groups into which the channels are split
     * @param numChannels the number of channels C
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code numChannels} is not a multiple of {@code numGroups}
     */
    public GroupNorm(long numGroups, long numChannels, Consumer<Options> options) {
        this(numGroups, numChannels, Customized.of(new Options(), options));
    }

    private GroupNorm(long numGroups, long numChannels, Options o) {
        super(checkedShape(numGroups, numChannels), o.eps, o.affine, o.bias, o.tensorOptions());
        this.numGroups = numGroups;
        this.numChannels = numChannels;
    }

    private static long[] checkedShape(long numGroups, long numChannels) {
        if (numGroups <= 0 || numChannels % numGroups != 0) {
            throw new IllegalArgumentException(
                    "num_channels (" + numChannels + ") must be divisible by num_groups (" + numGroups + ")");
        }
        return new long[] {numChannels};
    }

    /** Returns the number of groups into which the channels are split. */
    public final long numGroups() {
        return numGroups;
    }

    /** Returns the number of channels. */
    public final long numChannels() {
        return numChannels;
    }

    /** Returns whether the layer was created with a weight and a bias. */
    public final boolean affine() {
        return isAffine();
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.groupNorm(x, numGroups, weight, bias, eps());
    }

    @Override
    protected String extraRepr() {
        return numGroups + ", " + numChannels + sharedArguments("affine");
    }
}
