package org.jtorch.models.resnet;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.norm.BatchNorm2d;

/** A block whose result is added to its input: (N, in_planes, H, W) to (N, planes * expansion, H / stride, W / stride). */
abstract class ResNetBlock extends Module<Tensor, Tensor> {

    /**
     * The sizes of a block.
     *
     * @param inPlanes the number of channels of the input
     * @param planes the number of channels inside, for one group of 64
     */
    record Shape(long inPlanes, long planes, long stride, long dilation) {}

    /** Creates a block of the kind that a configuration asks for. */
    static ResNetBlock of(ResNetConfig config, Shape shape, @Nullable Sequential downsample) {
        return config.hasBottlenecks() ? new Bottleneck(config, shape, downsample) : new BasicBlock(shape, downsample);
    }

    static Conv2d conv3x3(long in, long out, long stride, long groups, long dilation) {
        return new Conv2d(in, out, 3, o -> o.stride(stride)
                .padding(dilation)
                .groups(groups)
                .bias(false)
                .dilation(dilation));
    }

    static Conv2d conv1x1(long in, long out, long stride) {
        return new Conv2d(in, out, 1, o -> o.stride(stride).bias(false));
    }

    /** Returns the normalization before the sum. */
    abstract BatchNorm2d lastNorm();

    /** Two convolutions of 3x3. */
    static final class BasicBlock extends ResNetBlock {
        Conv2d conv1;
        BatchNorm2d bn1;
        ReLU relu = new ReLU(true);
        Conv2d conv2;
        BatchNorm2d bn2;

        @Nullable
        Sequential downsample;

        BasicBlock(Shape shape, @Nullable Sequential downsample) {
            conv1 = conv3x3(shape.inPlanes, shape.planes, shape.stride, 1, 1);
            bn1 = new BatchNorm2d(shape.planes);
            conv2 = conv3x3(shape.planes, shape.planes, 1, 1, 1);
            bn2 = new BatchNorm2d(shape.planes);
            this.downsample = downsample;
        }

        @Override
        protected Tensor forward(Tensor x) {
            Tensor out = relu.call(bn1.call(conv1.call(x)));
            out = bn2.call(conv2.call(out));
            return relu.call(out.add_(downsample == null ? x : downsample.call(x)));
        }

        @Override
        BatchNorm2d lastNorm() {
            return bn2;
        }
    }

    /** A convolution of 3x3 between two of 1x1, which change the number of channels. */
    static final class Bottleneck extends ResNetBlock {
        Conv2d conv1;
        BatchNorm2d bn1;
        Conv2d conv2;
        BatchNorm2d bn2;
        Conv2d conv3;
        BatchNorm2d bn3;
        ReLU relu = new ReLU(true);

        @Nullable
        Sequential downsample;

        Bottleneck(ResNetConfig config, Shape shape, @Nullable Sequential downsample) {
            long width = (long) (shape.planes * (config.widthPerGroup / 64.0)) * config.groups;
            conv1 = conv1x1(shape.inPlanes, width, 1);
            bn1 = new BatchNorm2d(width);
            conv2 = conv3x3(width, width, shape.stride, config.groups, shape.dilation);
            bn2 = new BatchNorm2d(width);
            conv3 = conv1x1(width, shape.planes * config.expansion(), 1);
            bn3 = new BatchNorm2d(shape.planes * config.expansion());
            this.downsample = downsample;
        }

        @Override
        protected Tensor forward(Tensor x) {
            Tensor out = relu.call(bn1.call(conv1.call(x)));
            out = relu.call(bn2.call(conv2.call(out)));
            out = bn3.call(conv3.call(out));
            return relu.call(out.add_(downsample == null ? x : downsample.call(x)));
        }

        @Override
        BatchNorm2d lastNorm() {
            return bn3;
        }
    }
}
