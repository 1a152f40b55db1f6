package org.jtorch.models.mobilenetv3;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.models.vision.Conv2dNormActivation;
import org.jtorch.models.vision.Initial;
import org.jtorch.models.vision.VariantOptions;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.Hardswish;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;

/**
 * MobileNet V3: images (N, 3, H, W) to scores (N, num_classes).
 *
 * @see <a href="https://arxiv.org/abs/1905.02244">Searching for MobileNetV3</a>
 */
public final class MobileNetV3 extends PretrainedModel<MobileNetV3Config, Tensor, Tensor> {

    Sequential features = new Sequential();
    AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1);
    Sequential classifier;

    /** Creates a model with new weights. */
    public MobileNetV3(MobileNetV3Config config) {
        super(config);
        List<ConfigRow> rows = config.invertedResidualSetting;
        long lastIn = rows.get(rows.size() - 1).integer(3);
        long lastOut = 6 * lastIn;
        features.append(new Conv2dNormActivation(3, rows.get(0).integer(0), o -> o.stride(2)
                .norm(MobileNetV3::norm)
                .activation(() -> new Hardswish(true))));
        rows.forEach(row -> features.append(new InvertedResidual(row)));
        features.append(new Conv2dNormActivation(
                lastIn, lastOut, o -> o.kernelSize(1).norm(MobileNetV3::norm).activation(() -> new Hardswish(true))));
        classifier = new Sequential(
                new Linear(lastOut, config.lastChannel),
                new Hardswish(true),
                new Dropout(config.dropout, true),
                new Linear(config.lastChannel, config.numClasses));
        Initial.convolutions(this);
        Initial.linears(this, linear -> Init.normal_(linear.weight, 0, 0.01));
    }

    @Override
    protected Tensor forward(Tensor x) {
        return classifier.call(avgpool.call(features.call(x)).flatten(1));
    }

    static BatchNorm2d norm(long channels) {
        return new BatchNorm2d(channels, o -> o.eps(0.001).momentum(0.01));
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MobileNetV3 fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MobileNetV3 fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MobileNetV3Config::new, MobileNetV3::new, options);
    }

    // --- variants ----------------------------------------------------------------------------------------------

    /** Creates the small model with new weights. */
    public static MobileNetV3 mobilenetV3Small() {
        return mobilenetV3Small(o -> {});
    }

    /** Creates the small model with new weights. */
    public static MobileNetV3 mobilenetV3Small(Consumer<? super VariantOptions> options) {
        return variant(MobileNetV3Config.SMALL, 1024, options);
    }

    /** Creates the large model with new weights. */
    public static MobileNetV3 mobilenetV3Large() {
        return mobilenetV3Large(o -> {});
    }

    /** Creates the large model with new weights. */
    public static MobileNetV3 mobilenetV3Large(Consumer<? super VariantOptions> options) {
        return variant(MobileNetV3Config.LARGE, 1280, options);
    }

    private static MobileNetV3 variant(
            List<List<?>> setting, int lastChannel, Consumer<? super VariantOptions> options) {
        return new MobileNetV3(new MobileNetV3Config(VariantOptions.apply(
                Map.of("inverted_residual_setting", setting, "last_channel", lastChannel), options)));
    }
}
