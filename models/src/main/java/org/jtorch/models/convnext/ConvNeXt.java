package org.jtorch.models.convnext;

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
import org.jtorch.models.vision.StochasticDepth;
import org.jtorch.models.vision.VariantOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;

/**
 * ConvNeXt: images (N, 3, H, W) of at least 32x32 to scores (N, num_classes).
 *
 * @see <a href="https://arxiv.org/abs/2201.03545">A ConvNet for the 2020s</a>
 */
public final class ConvNeXt extends PretrainedModel<ConvNeXtConfig, Tensor, Tensor> {

    Sequential features = new Sequential();
    AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1);
    Sequential classifier;

    /** Creates a model with new weights. */
    public ConvNeXt(ConvNeXtConfig config) {
        super(config);
        List<ConfigRow> rows = config.blockSetting;
        long channels = rows.get(0).integer(0);
        features.append(new Conv2dNormActivation(3, channels, o -> o.kernelSize(4)
                .stride(4)
                .padding(0)
                .bias(true)
                .norm(LayerNorm2d::new)
                .activation(null)));
        long blocks = rows.stream().mapToLong(row -> row.integer(2)).sum();
        long block = 0;
        for (ConfigRow row : rows) {
            long in = row.integer(0);
            Sequential stage = new Sequential();
            for (long i = 0; i < row.integer(2); i++) {
                double drop = StochasticDepth.at(config.stochasticDepthProb, block++, blocks - 1);
                stage.append(new CNBlock(in, config.layerScale, drop));
            }
            features.append(stage);
            channels = row.has(1) ? row.integer(1) : in;
            if (row.has(1)) {
                features.append(new Sequential(new LayerNorm2d(in), new Conv2d(in, channels, 2, o -> o.stride(2))));
            }
        }
        classifier = new Sequential(new LayerNorm2d(channels), new Flatten(1), new Linear(channels, config.numClasses));
        for (Module<?, ?> each : modules()) {
            if (each instanceof Conv2d conv) {
                Initial.truncated(conv.weight, 0.02);
                Initial.zero(conv.bias);
            }
        }
        Initial.linears(this, linear -> Initial.truncated(linear.weight, 0.02));
    }

    @Override
    protected Tensor forward(Tensor x) {
        return classifier.call(avgpool.call(features.call(x)));
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ConvNeXt fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ConvNeXt fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, ConvNeXtConfig::new, ConvNeXt::new, options);
    }

    // --- variants ----------------------------------------------------------------------------------------------

    /** Creates the tiny model with new weights. */
    public static ConvNeXt convnextTiny() {
        return convnextTiny(o -> {});
    }

    /** Creates the tiny model with new weights. */
    public static ConvNeXt convnextTiny(Consumer<? super VariantOptions> options) {
        return variant(96, 9, 0.1, options);
    }

    /** Creates the small model with new weights. */
    public static ConvNeXt convnextSmall() {
        return convnextSmall(o -> {});
    }

    /** Creates the small model with new weights. */
    public static ConvNeXt convnextSmall(Consumer<? super VariantOptions> options) {
        return variant(96, 27, 0.4, options);
    }

    /** Creates the base model with new weights. */
    public static ConvNeXt convnextBase() {
        return convnextBase(o -> {});
    }

    /** Creates the base model with new weights. */
    public static ConvNeXt convnextBase(Consumer<? super VariantOptions> options) {
        return variant(128, 27, 0.5, options);
    }

    /** Creates the large model with new weights. */
    public static ConvNeXt convnextLarge() {
        return convnextLarge(o -> {});
    }

    /** Creates the large model with new weights. */
    public static ConvNeXt convnextLarge(Consumer<? super VariantOptions> options) {
        return variant(192, 27, 0.5, options);
    }

    private static ConvNeXt variant(
            int channels, int thirdBlocks, double drop, Consumer<? super VariantOptions> options) {
        return new ConvNeXt(new ConvNeXtConfig(VariantOptions.apply(
                Map.of("block_setting", ConvNeXtConfig.setting(channels, thirdBlocks), "stochastic_depth_prob", drop),
                options)));
    }
}
