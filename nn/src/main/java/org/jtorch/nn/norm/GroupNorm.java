package org.jtorch.nn.norm;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.Customized;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;

/**
 * Group normalisation: {@code (x - mean) / sqrt(var + eps) * weight + bias}, mean and variance over each group of channels of
 * each sample; {@code (N, C, *)} to the same.
 *
 * <p>Parameters: {@code weight} (C), ones; {@code bias} (C), zeros.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html">torch.nn.GroupNorm</a>
 * @see <a href="https://arxiv.org/abs/1803.08494">Group normalization, Wu and He 2018</a>
 */
public class GroupNorm extends Layer implements Resettable {

    /** The optional arguments of {@link GroupNorm}. */
    public static final class Options extends LayerOptions<Options> {
        private Number eps = 1e-5;
        private boolean affine = true;
        private boolean bias = true;

        /** What is added to the variance; default 1e-5. Shown as it is given. */
        public Options eps(Number newEps) {
            eps = newEps;
            return this;
        }

        /** Whether there are a weight and a bias; default true. */
        public Options affine(boolean newAffine) {
            affine = newAffine;
            return this;
        }

        /** Whether there is a bias beside the weight; default true. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }
    }

    private final long numGroups;

    private final long numChannels;

    private Number eps;
    private final boolean affine;

    /** (C), or null. */
    public @Nullable Parameter weight;

    /** (C), or null. */
    public @Nullable Parameter bias;

    /** With the default options. */
    public GroupNorm(long numGroups, long numChannels) {
        this(numGroups, numChannels, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param numGroups into how many groups the channels are split
     * @param numChannels the number of channels C
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code numGroups} does not divide {@code numChannels}
     */
    public GroupNorm(long numGroups, long numChannels, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        if (numGroups <= 0 || numChannels % numGroups != 0) {
            throw new IllegalArgumentException(
                    "num_channels (" + numChannels + ") must be divisible by num_groups (" + numGroups + ")");
        }
        this.numGroups = numGroups;
        this.numChannels = numChannels;
        eps = o.eps;
        affine = o.affine;
        if (affine) {
            TensorOptions made = o.tensorOptions();
            weight = new Parameter(Torch.empty(new long[] {numChannels}, made));
            bias = o.bias ? new Parameter(Torch.empty(new long[] {numChannels}, made)) : null;
        }
        resetParameters();
    }

    /** Sets the weight to ones and the bias to zeros. */
    @Override
    public final void resetParameters() {
        if (weight != null) {
            Init.ones_(weight);
        }
        if (bias != null) {
            Init.zeros_(bias);
        }
    }

    /** Into how many groups the channels are split. */
    public final long numGroups() {
        return numGroups;
    }

    /** The number of channels. */
    public final long numChannels() {
        return numChannels;
    }

    /** What is added to the variance. */
    public final double eps() {
        return eps.doubleValue();
    }

    /** Sets {@link #eps()}; it is shown as it is given. */
    public final void eps(Number newEps) {
        eps = Objects.requireNonNull(newEps, "eps");
    }

    /** Whether it was made with a weight and a bias. */
    public final boolean affine() {
        return affine;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return F.groupNorm(x, numGroups, weight, bias, eps.doubleValue());
    }

    @Override
    protected String extraRepr() {
        return numGroups + ", " + numChannels + ", eps=" + PythonText.number(eps) + ", affine=" + PythonText.of(affine)
                + ", bias=" + PythonText.of(bias != null);
    }
}
