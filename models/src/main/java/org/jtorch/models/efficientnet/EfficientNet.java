package org.jtorch.models.efficientnet;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.models.vision.Conv2dNormActivation;
import org.jtorch.models.vision.Initial;
import org.jtorch.models.vision.StochasticDepth;
import org.jtorch.models.vision.VariantOptions;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.SiLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;

/**
 * EfficientNet and EfficientNet V2: images (N, 3, H, W) to scores (N, num_classes).
 *
 * @see <a href="https://arxiv.org/abs/1905.11946">EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks</a>
 * @see <a href="https://arxiv.org/abs/2104.00298">EfficientNetV2: Smaller Models and Faster Training</a>
 */
public final class EfficientNet extends PretrainedModel<EfficientNetConfig, Tensor, Tensor> {

    Sequential features = new Sequential();
    AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1);
    Sequential classifier;

    /** Creates a model with new weights. */
    public EfficientNet(EfficientNetConfig config) {
        super(config);
        List<ConfigRow> rows = config.invertedResidualSetting;
        long channels = rows.get(0).integer(4);
        features.append(new Conv2dNormActivation(
                3, channels, o -> o.stride(2).norm(n -> MBConv.norm(config, n)).activation(() -> new SiLU(true))));
        long blocks = rows.stream().mapToLong(row -> row.integer(6)).sum();
        long block = 0;
        for (ConfigRow row : rows) {
            Sequential stage = new Sequential();
            boolean isFused = row.text(0, "MBConv", "FusedMBConv").equals("FusedMBConv");
            long out = row.integer(5);
            for (long i = 0; i < row.integer(6); i++) {
                long in = i == 0 ? row.integer(4) : out;
                long stride = i == 0 ? row.integer(3) : 1;
                stage.append(new MBConv(
                        config,
                        new MBConv.Shape(isFused, row.number(1), row.integer(2), stride, in, out),
                        StochasticDepth.at(config.stochasticDepthProb, block++, blocks)));
            }
            features.append(stage);
            channels = out;
        }
        features.append(new Conv2dNormActivation(channels, config.lastChannel, o -> o.kernelSize(1)
                .norm(n -> MBConv.norm(config, n))
                .activation(() -> new SiLU(true))));
        classifier =
                new Sequential(new Dropout(config.dropout, true), new Linear(config.lastChannel, config.numClasses));
        Initial.convolutions(this);
        double range = 1 / Math.sqrt(config.numClasses);
        Initial.linears(this, linear -> Init.uniform_(linear.weight, -range, range));
    }

    @Override
    protected Tensor forward(Tensor x) {
        return classifier.call(avgpool.call(features.call(x)).flatten(1));
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static EfficientNet fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static EfficientNet fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, EfficientNetConfig::new, EfficientNet::new, options);
    }

    // --- variants ----------------------------------------------------------------------------------------------

    /** Creates EfficientNet B0 with new weights. */
    public static EfficientNet efficientnetB0() {
        return efficientnetB0(o -> {});
    }

    /** Creates EfficientNet B0 with new weights. */
    public static EfficientNet efficientnetB0(Consumer<? super VariantOptions> options) {
        return variant(1.0, 1.0, 0.2, false, options);
    }

    /** Creates EfficientNet B1 with new weights. */
    public static EfficientNet efficientnetB1() {
        return efficientnetB1(o -> {});
    }

    /** Creates EfficientNet B1 with new weights. */
    public static EfficientNet efficientnetB1(Consumer<? super VariantOptions> options) {
        return variant(1.0, 1.1, 0.2, false, options);
    }

    /** Creates EfficientNet B2 with new weights. */
    public static EfficientNet efficientnetB2() {
        return efficientnetB2(o -> {});
    }

    /** Creates EfficientNet B2 with new weights. */
    public static EfficientNet efficientnetB2(Consumer<? super VariantOptions> options) {
        return variant(1.1, 1.2, 0.3, false, options);
    }

    /** Creates EfficientNet B3 with new weights. */
    public static EfficientNet efficientnetB3() {
        return efficientnetB3(o -> {});
    }

    /** Creates EfficientNet B3 with new weights. */
    public static EfficientNet efficientnetB3(Consumer<? super VariantOptions> options) {
        return variant(1.2, 1.4, 0.3, false, options);
    }

    /** Creates EfficientNet B4 with new weights. */
    public static EfficientNet efficientnetB4() {
        return efficientnetB4(o -> {});
    }

    /** Creates EfficientNet B4 with new weights. */
    public static EfficientNet efficientnetB4(Consumer<? super VariantOptions> options) {
        return variant(1.4, 1.8, 0.4, false, options);
    }

    /** Creates EfficientNet B5 with new weights. */
    public static EfficientNet efficientnetB5() {
        return efficientnetB5(o -> {});
    }

    /** Creates EfficientNet B5 with new weights. */
    public static EfficientNet efficientnetB5(Consumer<? super VariantOptions> options) {
        return variant(1.6, 2.2, 0.4, true, options);
    }

    /** Creates EfficientNet B6 with new weights. */
    public static EfficientNet efficientnetB6() {
        return efficientnetB6(o -> {});
    }

    /** Creates EfficientNet B6 with new weights. */
    public static EfficientNet efficientnetB6(Consumer<? super VariantOptions> options) {
        return variant(1.8, 2.6, 0.5, true, options);
    }

    /** Creates EfficientNet B7 with new weights. */
    public static EfficientNet efficientnetB7() {
        return efficientnetB7(o -> {});
    }

    /** Creates EfficientNet B7 with new weights. */
    public static EfficientNet efficientnetB7(Consumer<? super VariantOptions> options) {
        return variant(2.0, 3.1, 0.5, true, options);
    }

    /** Creates EfficientNet V2 S with new weights. */
    public static EfficientNet efficientnetV2S() {
        return efficientnetV2S(o -> {});
    }

    /** Creates EfficientNet V2 S with new weights. */
    public static EfficientNet efficientnetV2S(Consumer<? super VariantOptions> options) {
        return variant(Settings.V2_S, 0.2, options);
    }

    /** Creates EfficientNet V2 M with new weights. */
    public static EfficientNet efficientnetV2M() {
        return efficientnetV2M(o -> {});
    }

    /** Creates EfficientNet V2 M with new weights. */
    public static EfficientNet efficientnetV2M(Consumer<? super VariantOptions> options) {
        return variant(Settings.V2_M, 0.3, options);
    }

    /** Creates EfficientNet V2 L with new weights. */
    public static EfficientNet efficientnetV2L() {
        return efficientnetV2L(o -> {});
    }

    /** Creates EfficientNet V2 L with new weights. */
    public static EfficientNet efficientnetV2L(Consumer<? super VariantOptions> options) {
        return variant(Settings.V2_L, 0.4, options);
    }

    /** Creates a variant of the first paper; the largest ones have other normalizations. */
    private static EfficientNet variant(
            double width, double depth, double dropout, boolean isLarge, Consumer<? super VariantOptions> options) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("inverted_residual_setting", Settings.scaled(width, depth));
        values.put("dropout", dropout);
        if (isLarge) {
            values.put("norm_eps", 0.001);
            values.put("norm_momentum", 0.01);
        }
        return new EfficientNet(new EfficientNetConfig(VariantOptions.apply(values, options)));
    }

    /** Creates a variant of the second paper. */
    private static EfficientNet variant(
            List<List<?>> setting, double dropout, Consumer<? super VariantOptions> options) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("inverted_residual_setting", setting);
        values.put("dropout", dropout);
        values.put("last_channel", 1280);
        values.put("norm_eps", 0.001);
        return new EfficientNet(new EfficientNetConfig(VariantOptions.apply(values, options)));
    }
}
