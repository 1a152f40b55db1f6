package org.jtorch.models.efficientnet;

import org.jtorch.Tensor;
import org.jtorch.models.vision.Channels;
import org.jtorch.models.vision.Conv2dNormActivation;
import org.jtorch.models.vision.SqueezeExcitation;
import org.jtorch.models.vision.StochasticDepth;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.SiLU;
import org.jtorch.nn.activation.Sigmoid;
import org.jtorch.nn.norm.BatchNorm2d;

/**
 * Widens the channels, convolves them, and narrows them again: (N, in, H, W) to (N, out, H / stride, W / stride). The input is added if it
 * has the same shape.
 */
final class MBConv extends Module<Tensor, Tensor> {

    /**
     * The sizes of a block.
     *
     * @param isFused whether widening and convolving are one convolution
     * @param expandRatio how many times more channels are inside
     * @param kernel the size of the kernel
     */
    record Shape(boolean isFused, double expandRatio, long kernel, long stride, long in, long out) {

        long expanded() {
            return Channels.divisible(in * expandRatio, 8);
        }
    }

    Sequential block;
    StochasticDepth stochasticDepth;
    private final boolean addsInput;

    MBConv(EfficientNetConfig config, Shape shape, double drop) {
        block = shape.isFused ? fused(config, shape) : separate(config, shape);
        stochasticDepth = new StochasticDepth(drop);
        addsInput = shape.stride == 1 && shape.in == shape.out;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor result = block.call(x);
        return addsInput ? stochasticDepth.call(result).add_(x) : result;
    }

    private static Sequential separate(EfficientNetConfig config, Shape shape) {
        Sequential layers = new Sequential();
        long expanded = shape.expanded();
        if (expanded != shape.in) {
            layers.append(new Conv2dNormActivation(shape.in, expanded, o -> o.kernelSize(1)
                    .norm(n -> norm(config, n))
                    .activation(() -> new SiLU(true))));
        }
        layers.append(new Conv2dNormActivation(expanded, expanded, o -> o.kernelSize(shape.kernel)
                .stride(shape.stride)
                .groups(expanded)
                .norm(n -> norm(config, n))
                .activation(() -> new SiLU(true))));
        layers.append(new SqueezeExcitation(expanded, Math.max(1, shape.in / 4), () -> new SiLU(true), Sigmoid::new));
        return layers.append(narrow(config, shape));
    }

    private static Sequential fused(EfficientNetConfig config, Shape shape) {
        long expanded = shape.expanded();
        boolean widens = expanded != shape.in;
        Sequential layers = new Sequential(
                new Conv2dNormActivation(shape.in, widens ? expanded : shape.out, o -> o.kernelSize(shape.kernel)
                        .stride(shape.stride)
                        .norm(n -> norm(config, n))
                        .activation(() -> new SiLU(true))));
        return widens ? layers.append(narrow(config, shape)) : layers;
    }

    private static Conv2dNormActivation narrow(EfficientNetConfig config, Shape shape) {
        return new Conv2dNormActivation(shape.expanded(), shape.out, o -> o.kernelSize(1)
                .norm(n -> norm(config, n))
                .activation(null));
    }

    static BatchNorm2d norm(EfficientNetConfig config, long channels) {
        return new BatchNorm2d(channels, o -> o.eps(config.normEps).momentum(config.normMomentum));
    }
}
