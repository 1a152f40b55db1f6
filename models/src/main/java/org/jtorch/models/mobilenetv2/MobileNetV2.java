package org.jtorch.models.mobilenetv2;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.models.vision.Channels;
import org.jtorch.models.vision.Conv2dNormActivation;
import org.jtorch.models.vision.Initial;
import org.jtorch.models.vision.VariantOptions;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU6;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;

/**
 * MobileNet V2: images (N, 3, H, W) to scores (N, num_classes).
 *
 * @see <a href="https://arxiv.org/abs/1801.04381">MobileNetV2: Inverted Residuals and Linear Bottlenecks</a>
 */
public final class MobileNetV2 extends PretrainedModel<MobileNetV2Config, Tensor, Tensor> {

    Sequential features = new Sequential();
    Sequential classifier;

    /** Creates a model with new weights. */
    public MobileNetV2(MobileNetV2Config config) {
        super(config);
        long channels = Channels.divisible(32 * config.widthMult, config.roundNearest);
        long last = Channels.divisible(1280 * Math.max(1, config.widthMult), config.roundNearest);
        features.append(new Conv2dNormActivation(3, channels, o -> o.stride(2).activation(() -> new ReLU6(true))));
        for (ConfigRow row : config.invertedResidualSetting) {
            long out = Channels.divisible(row.integer(1) * config.widthMult, config.roundNearest);
            for (long i = 0; i < row.integer(2); i++) {
                features.append(new InvertedResidual(channels, out, i == 0 ? row.integer(3) : 1, row.number(0)));
                channels = out;
            }
        }
        features.append(
                new Conv2dNormActivation(channels, last, o -> o.kernelSize(1).activation(() -> new ReLU6(true))));
        classifier = new Sequential(new Dropout(config.dropout), new Linear(last, config.numClasses));
        Initial.convolutions(this);
        Initial.linears(this, linear -> Init.normal_(linear.weight, 0, 0.01));
    }

    @Override
    protected Tensor forward(Tensor x) {
        return classifier.call(F.adaptiveAvgPool2d(features.call(x), 1, 1).flatten(1));
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MobileNetV2 fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MobileNetV2 fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MobileNetV2Config::new, MobileNetV2::new, options);
    }

    /** Creates MobileNet V2 with new weights. */
    public static MobileNetV2 mobilenetV2() {
        return mobilenetV2(o -> {});
    }

    /** Creates MobileNet V2 with new weights. */
    public static MobileNetV2 mobilenetV2(Consumer<? super VariantOptions> options) {
        return new MobileNetV2(new MobileNetV2Config(VariantOptions.apply(Map.of(), options)));
    }
}
