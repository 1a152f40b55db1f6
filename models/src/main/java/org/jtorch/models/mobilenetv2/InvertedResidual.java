package org.jtorch.models.mobilenetv2;

import org.jtorch.Tensor;
import org.jtorch.models.vision.Conv2dNormActivation;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU6;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.norm.BatchNorm2d;

/**
 * Widens the channels, convolves each by itself, and narrows them again: (N, in, H, W) to (N, out, H / stride, W / stride). The input is
 * added if it has the same shape.
 */
final class InvertedResidual extends Module<Tensor, Tensor> {

    Sequential conv = new Sequential();
    private final boolean addsInput;

    InvertedResidual(long in, long out, long stride, double expandRatio) {
        long hidden = Math.round(in * expandRatio);
        if (expandRatio != 1) {
            conv.append(
                    new Conv2dNormActivation(in, hidden, o -> o.kernelSize(1).activation(() -> new ReLU6(true))));
        }
        conv.append(new Conv2dNormActivation(
                hidden, hidden, o -> o.stride(stride).groups(hidden).activation(() -> new ReLU6(true))));
        conv.append(new Conv2d(hidden, out, 1, o -> o.bias(false)));
        conv.append(new BatchNorm2d(out));
        addsInput = stride == 1 && in == out;
    }

    @Override
    protected Tensor forward(Tensor x) {
        return addsInput ? x.add(conv.call(x)) : conv.call(x);
    }
}
