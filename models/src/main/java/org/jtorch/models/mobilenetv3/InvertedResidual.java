package org.jtorch.models.mobilenetv3;

import java.util.function.Supplier;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.vision.Channels;
import org.jtorch.models.vision.Conv2dNormActivation;
import org.jtorch.models.vision.SqueezeExcitation;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.Hardsigmoid;
import org.jtorch.nn.activation.Hardswish;
import org.jtorch.nn.activation.ReLU;

/**
 * Widens the channels, convolves each by itself, scales them, and narrows them again: (N, in, H, W) to (N, out, H / stride, W / stride).
 * The input is added if it has the same shape.
 */
final class InvertedResidual extends Module<Tensor, Tensor> {

    Sequential block = new Sequential();
    private final boolean addsInput;

    InvertedResidual(ConfigRow row) {
        long in = row.integer(0);
        long expanded = row.integer(2);
        long out = row.integer(3);
        boolean isHard = row.text(5, "RE", "HS").equals("HS");
        long dilation = row.integer(7);
        Supplier<Module<Tensor, Tensor>> activation = () -> isHard ? new Hardswish(true) : new ReLU(true);
        if (expanded != in) {
            block.append(new Conv2dNormActivation(
                    in, expanded, o -> o.kernelSize(1).norm(MobileNetV3::norm).activation(activation)));
        }
        block.append(new Conv2dNormActivation(expanded, expanded, o -> o.kernelSize(row.integer(1))
                .stride(dilation > 1 ? 1 : row.integer(6))
                .dilation(dilation)
                .groups(expanded)
                .norm(MobileNetV3::norm)
                .activation(activation)));
        if (row.flag(4)) {
            block.append(
                    new SqueezeExcitation(expanded, Channels.divisible(expanded / 4, 8), ReLU::new, Hardsigmoid::new));
        }
        block.append(new Conv2dNormActivation(
                expanded, out, o -> o.kernelSize(1).norm(MobileNetV3::norm).activation(null)));
        addsInput = row.integer(6) == 1 && in == out;
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor result = block.call(x);
        return addsInput ? result.add_(x) : result;
    }
}
