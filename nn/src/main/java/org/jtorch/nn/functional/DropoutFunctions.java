package org.jtorch.nn.functional;

import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.Arguments;

/** Dropout functions of {@link F}. */
abstract class DropoutFunctions extends LinearFunctions {

    DropoutFunctions() {}

    /** {@link #dropout(Tensor, double, boolean, boolean)} of half of the elements, in training, not in place. */
    public static Tensor dropout(Tensor input) {
        return dropout(input, 0.5, true, false);
    }

    /** {@link #dropout(Tensor, double, boolean, boolean)} in training, not in place. */
    public static Tensor dropout(Tensor input, double p) {
        return dropout(input, p, true, false);
    }

    /** {@link #dropout(Tensor, double, boolean, boolean)}, not in place. */
    public static Tensor dropout(Tensor input, double p, boolean training) {
        return dropout(input, p, training, false);
    }

    /**
     * Each element is zeroed with probability {@code p}, the others are scaled by {@code 1 / (1 - p)}.
     *
     * @param input any shape
     * @param p the probability
     * @param training whether anything is done
     * @param inplace whether {@code input} itself is changed and returned
     * @return shaped as the input
     * @throws IllegalArgumentException if {@code p} is no probability
     * @see <a href="https://arxiv.org/abs/1207.0580">Improving neural networks by preventing co-adaptation of feature
     *     detectors, Hinton et al. 2012</a>
     */
    public static Tensor dropout(Tensor input, double p, boolean training, boolean inplace) {
        double checked = Arguments.dropoutProbability(p);
        return inplace ? input.dropout_(checked, training) : input.dropout(checked, training);
    }

    /** {@link #dropout1d(Tensor, double, boolean, boolean)} of half of the channels, in training, not in place. */
    public static Tensor dropout1d(Tensor input) {
        return dropout1d(input, 0.5, true, false);
    }

    /** {@link #dropout1d(Tensor, double, boolean, boolean)}, not in place. */
    public static Tensor dropout1d(Tensor input, double p, boolean training) {
        return dropout1d(input, p, training, false);
    }

    /**
     * Each channel is zeroed with probability {@code p}, the others are scaled by {@code 1 / (1 - p)}.
     *
     * @param input (N, C, L) or (C, L)
     * @param p the probability
     * @param training whether anything is done
     * @param inplace whether {@code input} itself is changed and returned
     * @return shaped as the input
     * @throws IllegalArgumentException if {@code p} is no probability
     * @throws TorchException if the input has neither 2 nor 3 dimensions
     */
    public static Tensor dropout1d(Tensor input, double p, boolean training, boolean inplace) {
        Arguments.dropoutProbability(p);
        long dim = input.dim();
        if (dim != 2 && dim != 3) {
            throw new TorchException("dropout1d: Expected 2D or 3D input, but received a " + dim
                    + "D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial"
                    + " dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).");
        }
        return channelDropout(input, p, training, inplace, dim == 3);
    }

    /** {@link #dropout2d(Tensor, double, boolean, boolean)} of half of the channels, in training, not in place. */
    public static Tensor dropout2d(Tensor input) {
        return dropout2d(input, 0.5, true, false);
    }

    /** {@link #dropout2d(Tensor, double, boolean, boolean)}, not in place. */
    public static Tensor dropout2d(Tensor input, double p, boolean training) {
        return dropout2d(input, p, training, false);
    }

    /**
     * Each channel is zeroed with probability {@code p}, the others are scaled by {@code 1 / (1 - p)}.
     *
     * @param input (N, C, H, W); as in PyTorch, three dimensions are taken for (N, C, L)
     * @param p the probability
     * @param training whether anything is done
     * @param inplace whether {@code input} itself is changed and returned
     * @return shaped as the input
     * @throws IllegalArgumentException if {@code p} is no probability
     */
    public static Tensor dropout2d(Tensor input, double p, boolean training, boolean inplace) {
        return channelDropout(input, Arguments.dropoutProbability(p), training, inplace, true);
    }

    /** {@link #dropout3d(Tensor, double, boolean, boolean)} of half of the channels, in training, not in place. */
    public static Tensor dropout3d(Tensor input) {
        return dropout3d(input, 0.5, true, false);
    }

    /** {@link #dropout3d(Tensor, double, boolean, boolean)}, not in place. */
    public static Tensor dropout3d(Tensor input, double p, boolean training) {
        return dropout3d(input, p, training, false);
    }

    /**
     * Each channel is zeroed with probability {@code p}, the others are scaled by {@code 1 / (1 - p)}.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param p the probability
     * @param training whether anything is done
     * @param inplace whether {@code input} itself is changed and returned
     * @return shaped as the input
     * @throws IllegalArgumentException if {@code p} is no probability
     */
    public static Tensor dropout3d(Tensor input, double p, boolean training, boolean inplace) {
        return channelDropout(input, Arguments.dropoutProbability(p), training, inplace, input.dim() == 5);
    }

    private static Tensor channelDropout(Tensor input, double p, boolean training, boolean inplace, boolean batched) {
        if (!inplace) {
            return batched
                    ? input.featureDropout(p, training)
                    : input.unsqueeze(0).featureDropout(p, training).squeeze(0);
        }
        // a view of one sample shares the input's memory: what is dropped there is dropped in the input
        Tensor changed = (batched ? input : input.unsqueeze(0)).featureDropout_(p, training);
        return batched ? changed : input;
    }

    /** {@link #alphaDropout(Tensor, double, boolean, boolean)} by PyTorch's defaults, not in training: what is given. */
    public static Tensor alphaDropout(Tensor input) {
        return alphaDropout(input, 0.5, false, false);
    }

    /** {@link #alphaDropout(Tensor, double, boolean, boolean)}, not in place. */
    public static Tensor alphaDropout(Tensor input, double p, boolean training) {
        return alphaDropout(input, p, training, false);
    }

    /**
     * Each element is dropped with probability {@code p} to the least value of SELU; the result is scaled so that mean 0 and
     * variance 1 are kept.
     *
     * @param input any shape
     * @param p the probability
     * @param training whether anything is done
     * @param inplace whether {@code input} itself is changed and returned
     * @return shaped as the input
     * @throws IllegalArgumentException if {@code p} is no probability
     * @see <a href="https://arxiv.org/abs/1706.02515">Self-normalizing neural networks, Klambauer et al. 2017</a>
     */
    public static Tensor alphaDropout(Tensor input, double p, boolean training, boolean inplace) {
        Arguments.dropoutProbability(p);
        return inplace ? input.alphaDropout_(p, training) : input.alphaDropout(p, training);
    }

    /** {@link #featureAlphaDropout(Tensor, double, boolean, boolean)} by PyTorch's defaults, not in training: what is given. */
    public static Tensor featureAlphaDropout(Tensor input) {
        return featureAlphaDropout(input, 0.5, false, false);
    }

    /** {@link #featureAlphaDropout(Tensor, double, boolean, boolean)}, not in place. */
    public static Tensor featureAlphaDropout(Tensor input, double p, boolean training) {
        return featureAlphaDropout(input, p, training, false);
    }

    /**
     * {@link #alphaDropout(Tensor, double, boolean, boolean)} of whole channels.
     *
     * @param input (N, C, …)
     */
    public static Tensor featureAlphaDropout(Tensor input, double p, boolean training, boolean inplace) {
        Arguments.dropoutProbability(p);
        return inplace ? input.featureAlphaDropout_(p, training) : input.featureAlphaDropout(p, training);
    }
}
