package org.jtorch.examples;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.FanMode;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.init.Nonlinearity;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.MaxPool2d;

/**
 * torchvision's {@code resnet18}: {@code (N, 3, H, W)} to {@code (N, classes)}. Its fields are named like torchvision's
 * attributes, so its keys are torchvision's.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">Deep Residual Learning for Image Recognition, He et al. 2015</a>
 */
public final class ResNet18 extends Module<Tensor, Tensor> {

    /** Two convolutions whose result is added to the input. */
    static final class BasicBlock extends Module<Tensor, Tensor> {
        Conv2d conv1;
        BatchNorm2d bn1;
        Conv2d conv2;
        BatchNorm2d bn2;

        @Nullable
        Sequential downsample; // If it is null, the block has no such child and no such keys.

        BasicBlock(long in, long out, long stride) {
            conv1 = new Conv2d(in, out, 3, o -> o.stride(stride).padding(1).bias(false));
            bn1 = new BatchNorm2d(out);
            conv2 = new Conv2d(out, out, 3, o -> o.padding(1).bias(false));
            bn2 = new BatchNorm2d(out);
        }

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = F.relu(bn1.call(conv1.call(x)));
            y = bn2.call(conv2.call(y));
            return F.relu(y.add(downsample == null ? x : downsample.call(x)));
        }
    }

    Conv2d conv1 = new Conv2d(3, 64, 7, o -> o.stride(2).padding(3).bias(false));
    BatchNorm2d bn1 = new BatchNorm2d(64);
    MaxPool2d maxpool = new MaxPool2d(3, o -> o.stride(2).padding(1));
    Sequential layer1 = stage(64, 64, 1);
    Sequential layer2 = stage(64, 128, 2);
    Sequential layer3 = stage(128, 256, 2);
    Sequential layer4 = stage(256, 512, 2);
    Linear fc;

    /** Creates a network with random weights, which are those of torchvision for the same seed. */
    public ResNet18(long classes) {
        fc = new Linear(512, classes);
        apply(module -> {
            if (module instanceof Conv2d conv) {
                Init.kaimingNormal_(conv.weight, o -> o.mode(FanMode.FAN_OUT).nonlinearity(Nonlinearity.RELU));
            }
        });
    }

    private static Sequential stage(long in, long out, long stride) {
        Sequential downsample = stride == 1
                ? null
                : new Sequential(new Conv2d(in, out, 1, o -> o.stride(stride).bias(false)), new BatchNorm2d(out));
        BasicBlock first = new BasicBlock(in, out, stride);
        first.downsample = downsample;
        return new Sequential(first, new BasicBlock(out, out, 1));
    }

    @Override
    protected Tensor forward(Tensor x) {
        x = maxpool.call(F.relu(bn1.call(conv1.call(x))));
        x = layer4.call(layer3.call(layer2.call(layer1.call(x))));
        return fc.call(F.adaptiveAvgPool2d(x, 1, 1).flatten(1));
    }
}
