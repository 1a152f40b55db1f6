package org.jtorch.models.vision;

import java.util.function.Supplier;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;

/**
 * Scales each channel by a factor that is computed from the means of all channels: (N, C, H, W) to the same shape.
 *
 * @see <a href="https://arxiv.org/abs/1709.01507">Squeeze-and-Excitation Networks</a>
 */
public final class SqueezeExcitation extends Module<Tensor, Tensor> {

    AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1);
    Conv2d fc1;
    Conv2d fc2;
    Module<Tensor, Tensor> activation;
    Module<Tensor, Tensor> scaleActivation;

    /**
     * Creates the block.
     *
     * @param inputChannels the number of channels C
     * @param squeezeChannels the number of channels between the two maps
     * @param activation makes the activation between the two maps
     * @param scaleActivation makes the activation after them
     */
    public SqueezeExcitation(
            long inputChannels,
            long squeezeChannels,
            Supplier<Module<Tensor, Tensor>> activation,
            Supplier<Module<Tensor, Tensor>> scaleActivation) {
        fc1 = new Conv2d(inputChannels, squeezeChannels, 1);
        fc2 = new Conv2d(squeezeChannels, inputChannels, 1);
        this.activation = activation.get();
        this.scaleActivation = scaleActivation.get();
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor scale = fc2.call(activation.call(fc1.call(avgpool.call(x))));
        return scaleActivation.call(scale).mul(x);
    }
}
