package org.jtorch.nn.functional;

import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.Arguments;

/** Dropout: checks, and channels of unbatched inputs. */
final class Dropouts {

    private Dropouts() {}

    static Tensor dropout(Tensor input, double p, boolean training, boolean inplace) {
        double checked = Arguments.dropoutProbability(p);
        return inplace ? input.dropout_(checked, training) : input.dropout(checked, training);
    }

    static Tensor dropout1d(Tensor input, double p, boolean training, boolean inplace) {
        Arguments.dropoutProbability(p);
        long dim = input.dim();
        if (dim != 2 && dim != 3) {
            throw new TorchException("dropout1d: Expected 2D or 3D input, but received a " + dim
                    + "D input. Note that dropout1d exists to provide channel-wise dropout on inputs with 1 spatial"
                    + " dimension, a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).");
        }
        return channelDropout(input, p, training, inplace, dim == 3);
    }

    static Tensor dropout2d(Tensor input, double p, boolean training, boolean inplace) {
        return channelDropout(input, Arguments.dropoutProbability(p), training, inplace, true);
    }

    static Tensor dropout3d(Tensor input, double p, boolean training, boolean inplace) {
        return channelDropout(input, Arguments.dropoutProbability(p), training, inplace, input.dim() == 5);
    }

    static Tensor alphaDropout(Tensor input, double p, boolean training, boolean inplace) {
        Arguments.dropoutProbability(p);
        return inplace ? input.alphaDropout_(p, training) : input.alphaDropout(p, training);
    }

    static Tensor featureAlphaDropout(Tensor input, double p, boolean training, boolean inplace) {
        Arguments.dropoutProbability(p);
        return inplace ? input.featureAlphaDropout_(p, training) : input.featureAlphaDropout(p, training);
    }

    private static Tensor channelDropout(Tensor input, double p, boolean training, boolean inplace, boolean batched) {
        if (!inplace) {
            return batched
                    ? input.featureDropout(p, training)
                    : input.unsqueeze(0).featureDropout(p, training).squeeze(0);
        }
        // A view of a single sample shares the input's memory, so dropping in the view drops in the input.
        Tensor changed = (batched ? input : input.unsqueeze(0)).featureDropout_(p, training);
        return batched ? changed : input;
    }
}
