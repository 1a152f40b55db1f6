package org.jtorch.models.swin;

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
import org.jtorch.models.vision.Permute;
import org.jtorch.models.vision.StochasticDepth;
import org.jtorch.models.vision.VariantOptions;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.LayerNorm;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;

/**
 * A transformer whose attention is limited to windows, which are shifted in every second layer: images (N, 3, H, W) to scores (N,
 * num_classes).
 *
 * @see <a href="https://arxiv.org/abs/2103.14030">Swin Transformer: Hierarchical Vision Transformer using Shifted Windows</a>
 * @see <a href="https://arxiv.org/abs/2111.09883">Swin Transformer V2: Scaling Up Capacity and Resolution</a>
 */
public final class SwinTransformer extends PretrainedModel<SwinTransformerConfig, Tensor, Tensor> {

    Sequential features = new Sequential();
    LayerNorm norm;
    Permute permute = new Permute(0, 3, 1, 2);
    AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1);
    Flatten flatten = new Flatten(1);
    Linear head;

    /** Creates a model with new weights. */
    public SwinTransformer(SwinTransformerConfig config) {
        super(config);
        long[] patch = config.patchSize.stream().mapToLong(Long::longValue).toArray();
        long dim = config.embedDim;
        features.append(new Sequential(
                new Conv2d(3, dim, patch, o -> o.stride(patch)), new Permute(0, 2, 3, 1), new LayerNorm(dim)));
        long blocks = config.depths.stream().mapToLong(Long::longValue).sum();
        long block = 0;
        for (int stage = 0; stage < config.depths.size(); stage++) {
            if (stage > 0) {
                features.append(new PatchMerging(config, dim));
                dim *= 2;
            }
            Sequential layers = new Sequential();
            for (long i = 0; i < config.depths.get(stage); i++) {
                double drop = StochasticDepth.at(config.stochasticDepthProb, block++, blocks - 1);
                layers.append(new SwinTransformerBlock(config, dim, config.numHeads.get(stage), i % 2 == 1, drop));
            }
            features.append(layers);
        }
        norm = new LayerNorm(dim);
        head = new Linear(dim, config.numClasses);
        Initial.linears(this, linear -> Initial.truncated(linear.weight, 0.02));
    }

    @Override
    protected Tensor forward(Tensor x) {
        Tensor states = norm.call(features.call(x));
        return head.call(flatten.call(avgpool.call(permute.call(states))));
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static SwinTransformer fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static SwinTransformer fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, SwinTransformerConfig::new, SwinTransformer::new, options);
    }

    // --- variants ----------------------------------------------------------------------------------------------

    /** Creates Swin-T with new weights. */
    public static SwinTransformer swinT() {
        return swinT(o -> {});
    }

    /** Creates Swin-T with new weights. */
    public static SwinTransformer swinT(Consumer<? super VariantOptions> options) {
        return variant(1, 96, 6, 0.2, options);
    }

    /** Creates Swin-S with new weights. */
    public static SwinTransformer swinS() {
        return swinS(o -> {});
    }

    /** Creates Swin-S with new weights. */
    public static SwinTransformer swinS(Consumer<? super VariantOptions> options) {
        return variant(1, 96, 18, 0.3, options);
    }

    /** Creates Swin-B with new weights. */
    public static SwinTransformer swinB() {
        return swinB(o -> {});
    }

    /** Creates Swin-B with new weights. */
    public static SwinTransformer swinB(Consumer<? super VariantOptions> options) {
        return variant(1, 128, 18, 0.5, options);
    }

    /** Creates Swin V2-T with new weights. */
    public static SwinTransformer swinV2T() {
        return swinV2T(o -> {});
    }

    /** Creates Swin V2-T with new weights. */
    public static SwinTransformer swinV2T(Consumer<? super VariantOptions> options) {
        return variant(2, 96, 6, 0.2, options);
    }

    /** Creates Swin V2-S with new weights. */
    public static SwinTransformer swinV2S() {
        return swinV2S(o -> {});
    }

    /** Creates Swin V2-S with new weights. */
    public static SwinTransformer swinV2S(Consumer<? super VariantOptions> options) {
        return variant(2, 96, 18, 0.3, options);
    }

    /** Creates Swin V2-B with new weights. */
    public static SwinTransformer swinV2B() {
        return swinV2B(o -> {});
    }

    /** Creates Swin V2-B with new weights. */
    public static SwinTransformer swinV2B(Consumer<? super VariantOptions> options) {
        return variant(2, 128, 18, 0.5, options);
    }

    /** Creates a variant; the number of heads grows with the number of channels, of which each head has 32. */
    private static SwinTransformer variant(
            int version, int embedDim, int thirdDepth, double drop, Consumer<? super VariantOptions> options) {
        int heads = embedDim / 32;
        int window = version == 1 ? 7 : 8;
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("version", version);
        values.put("embed_dim", embedDim);
        values.put("depths", List.of(2, 2, thirdDepth, 2));
        values.put("num_heads", List.of(heads, 2 * heads, 4 * heads, 8 * heads));
        values.put("window_size", List.of(window, window));
        values.put("stochastic_depth_prob", drop);
        return new SwinTransformer(new SwinTransformerConfig(VariantOptions.apply(values, options)));
    }
}
