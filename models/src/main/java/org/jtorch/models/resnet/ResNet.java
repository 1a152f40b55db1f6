package org.jtorch.models.resnet;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.models.vision.Initial;
import org.jtorch.models.vision.VariantOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;
import org.jtorch.nn.pooling.MaxPool2d;

/**
 * A residual network, also ResNeXt and Wide ResNet: images (N, 3, H, W) to scores (N, num_classes).
 *
 * <pre>{@code
 * ResNet model = ResNet.resnet18();
 * model.loadStateDict(Checkpoint.load(Path.of("resnet18-f37072fd.pth")).stateDict());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">Deep Residual Learning for Image Recognition</a>
 * @see <a href="https://arxiv.org/abs/1611.05431">Aggregated Residual Transformations for Deep Neural Networks</a>
 * @see <a href="https://arxiv.org/abs/1605.07146">Wide Residual Networks</a>
 */
public final class ResNet extends PretrainedModel<ResNetConfig, Tensor, Tensor> {

    Conv2d conv1 = new Conv2d(3, 64, 7, o -> o.stride(2).padding(3).bias(false));
    BatchNorm2d bn1 = new BatchNorm2d(64);
    ReLU relu = new ReLU(true);
    MaxPool2d maxpool = new MaxPool2d(3, o -> o.stride(2).padding(1));
    Sequential layer1;
    Sequential layer2;
    Sequential layer3;
    Sequential layer4;
    AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1, 1);
    Linear fc;

    /** Creates a model with new weights. */
    public ResNet(ResNetConfig config) {
        super(config);
        Builder builder = new Builder(config);
        layer1 = builder.layer(0);
        layer2 = builder.layer(1);
        layer3 = builder.layer(2);
        layer4 = builder.layer(3);
        fc = new Linear(512 * config.expansion(), config.numClasses);
        Initial.convolutions(this);
        if (config.zeroInitResidual) {
            for (Module<?, ?> each : modules()) {
                if (each instanceof ResNetBlock block) {
                    Initial.zero(block.lastNorm().weight);
                }
            }
        }
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor states = maxpool.call(relu.call(bn1.call(conv1.call(x))));
        states = layer4.call(layer3.call(layer2.call(layer1.call(states))));
        return fc.call(avgpool.call(states).flatten(1));
    }

    /** Builds the four parts, of which each knows what the ones before it return. */
    private static final class Builder {
        private final ResNetConfig config;
        private long inPlanes = 64;
        private long dilation = 1;

        Builder(ResNetConfig config) {
            this.config = config;
        }

        Sequential layer(int part) {
            long planes = 64L << part;
            long stride = part == 0 ? 1 : 2;
            long firstDilation = dilation;
            if (part > 0 && config.replaceStrideWithDilation.get(part - 1)) {
                dilation *= stride;
                stride = 1;
            }
            long outPlanes = planes * config.expansion();
            Sequential downsample = stride == 1 && inPlanes == outPlanes
                    ? null
                    : new Sequential(ResNetBlock.conv1x1(inPlanes, outPlanes, stride), new BatchNorm2d(outPlanes));
            Sequential blocks = new Sequential();
            blocks.append(
                    ResNetBlock.of(config, new ResNetBlock.Shape(inPlanes, planes, stride, firstDilation), downsample));
            inPlanes = outPlanes;
            for (long i = 1; i < config.layers.get(part); i++) {
                blocks.append(ResNetBlock.of(config, new ResNetBlock.Shape(inPlanes, planes, 1, dilation), null));
            }
            return blocks;
        }
    }

    // --- files -------------------------------------------------------------------------------------------------

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ResNet fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static ResNet fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, ResNetConfig::new, ResNet::new, options);
    }

    // --- variants ----------------------------------------------------------------------------------------------

    /** Creates ResNet-18 with new weights. */
    public static ResNet resnet18() {
        return resnet18(o -> {});
    }

    /** Creates ResNet-18 with new weights. */
    public static ResNet resnet18(Consumer<? super VariantOptions> options) {
        return variant("BasicBlock", List.of(2, 2, 2, 2), 1, 64, options);
    }

    /** Creates ResNet-34 with new weights. */
    public static ResNet resnet34() {
        return resnet34(o -> {});
    }

    /** Creates ResNet-34 with new weights. */
    public static ResNet resnet34(Consumer<? super VariantOptions> options) {
        return variant("BasicBlock", List.of(3, 4, 6, 3), 1, 64, options);
    }

    /** Creates ResNet-50 with new weights. */
    public static ResNet resnet50() {
        return resnet50(o -> {});
    }

    /** Creates ResNet-50 with new weights. */
    public static ResNet resnet50(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 4, 6, 3), 1, 64, options);
    }

    /** Creates ResNet-101 with new weights. */
    public static ResNet resnet101() {
        return resnet101(o -> {});
    }

    /** Creates ResNet-101 with new weights. */
    public static ResNet resnet101(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 4, 23, 3), 1, 64, options);
    }

    /** Creates ResNet-152 with new weights. */
    public static ResNet resnet152() {
        return resnet152(o -> {});
    }

    /** Creates ResNet-152 with new weights. */
    public static ResNet resnet152(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 8, 36, 3), 1, 64, options);
    }

    /** Creates ResNeXt-50 with 32 groups of 4 channels with new weights. */
    public static ResNet resnext50_32x4d() {
        return resnext50_32x4d(o -> {});
    }

    /** Creates ResNeXt-50 with 32 groups of 4 channels with new weights. */
    public static ResNet resnext50_32x4d(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 4, 6, 3), 32, 4, options);
    }

    /** Creates ResNeXt-101 with 32 groups of 8 channels with new weights. */
    public static ResNet resnext101_32x8d() {
        return resnext101_32x8d(o -> {});
    }

    /** Creates ResNeXt-101 with 32 groups of 8 channels with new weights. */
    public static ResNet resnext101_32x8d(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 4, 23, 3), 32, 8, options);
    }

    /** Creates ResNeXt-101 with 64 groups of 4 channels with new weights. */
    public static ResNet resnext101_64x4d() {
        return resnext101_64x4d(o -> {});
    }

    /** Creates ResNeXt-101 with 64 groups of 4 channels with new weights. */
    public static ResNet resnext101_64x4d(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 4, 23, 3), 64, 4, options);
    }

    /** Creates Wide ResNet-50 of twice the width with new weights. */
    public static ResNet wideResnet50_2() {
        return wideResnet50_2(o -> {});
    }

    /** Creates Wide ResNet-50 of twice the width with new weights. */
    public static ResNet wideResnet50_2(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 4, 6, 3), 1, 128, options);
    }

    /** Creates Wide ResNet-101 of twice the width with new weights. */
    public static ResNet wideResnet101_2() {
        return wideResnet101_2(o -> {});
    }

    /** Creates Wide ResNet-101 of twice the width with new weights. */
    public static ResNet wideResnet101_2(Consumer<? super VariantOptions> options) {
        return variant("Bottleneck", List.of(3, 4, 23, 3), 1, 128, options);
    }

    private static ResNet variant(
            String block,
            List<Integer> layers,
            int groups,
            int widthPerGroup,
            Consumer<? super VariantOptions> options) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("block", block);
        values.put("layers", layers);
        if (groups != 1) {
            values.put("groups", groups);
        }
        if (widthPerGroup != 64) {
            values.put("width_per_group", widthPerGroup);
        }
        return new ResNet(new ResNetConfig(VariantOptions.apply(values, options)));
    }
}
