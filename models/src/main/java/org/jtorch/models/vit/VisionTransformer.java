package org.jtorch.models.vit;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.models.vision.Conv2dNormActivation;
import org.jtorch.models.vision.Initial;
import org.jtorch.models.vision.VariantOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.Linear;

/**
 * A transformer over the patches of an image: (N, 3, image_size, image_size) to scores (N, num_classes).
 *
 * @see <a href="https://arxiv.org/abs/2010.11929">An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale</a>
 */
public final class VisionTransformer extends PretrainedModel<VisionTransformerConfig, Tensor, Tensor> {

    Parameter classToken;
    Module<Tensor, Tensor> convProj;
    Encoder encoder;
    Sequential heads;

    /** Creates a model with new weights. */
    public VisionTransformer(VisionTransformerConfig config) {
        super(config);
        classToken = new Parameter(Torch.zeros(1, 1, config.hiddenDim));
        convProj = config.convStemConfigs.isEmpty() ? patches(config) : stem(config);
        encoder = new Encoder(config);
        heads = new Sequential(heads(config));
    }

    @Override
    protected Tensor forward(Tensor x) {
        long size = config().imageSize;
        if (x.size(2) != size || x.size(3) != size) {
            throw new IllegalArgumentException("the images must be of " + size + "x" + size + " pixels, but are of "
                    + x.size(2) + "x" + x.size(3) + ": resize them, or set image_size");
        }
        Tensor patches = convProj.call(x).flatten(2).permute(0, 2, 1); // (N, S - 1, hidden_dim)
        Tensor tokens = Torch.cat(List.of(classToken.expand(x.size(0), -1, -1), patches), 1);
        return heads.call(encoder.call(tokens).select(1, 0));
    }

    /** Maps each patch by itself. */
    private static Conv2d patches(VisionTransformerConfig config) {
        Conv2d conv = new Conv2d(3, config.hiddenDim, config.patchSize, o -> o.stride(config.patchSize));
        Initial.truncated(conv.weight, Math.sqrt(1.0 / (3 * config.patchSize * config.patchSize)));
        Initial.zero(conv.bias);
        return conv;
    }

    /**
     * Maps overlapping patches.
     *
     * @see <a href="https://arxiv.org/abs/2106.14881">Early Convolutions Help Transformers See Better</a>
     */
    private static Sequential stem(VisionTransformerConfig config) {
        Map<String, Module<Tensor, Tensor>> layers = new LinkedHashMap<>();
        long channels = 3;
        for (ConfigRow row : config.convStemConfigs) {
            layers.put(
                    "conv_bn_relu_" + layers.size(),
                    new Conv2dNormActivation(channels, row.integer(0), o -> o.kernelSize(row.integer(1))
                            .stride(row.integer(2))));
            channels = row.integer(0);
        }
        Conv2d last = new Conv2d(channels, config.hiddenDim, 1);
        Init.normal_(last.weight, 0, Math.sqrt(2.0 / config.hiddenDim));
        Initial.zero(last.bias);
        layers.put("conv_last", last);
        return new Sequential(layers);
    }

    private static Map<String, Module<Tensor, Tensor>> heads(VisionTransformerConfig config) {
        Map<String, Module<Tensor, Tensor>> layers = new LinkedHashMap<>();
        long size = config.hiddenDim;
        if (config.representationSize > 0) {
            Linear preLogits = new Linear(size, config.representationSize);
            Initial.truncated(preLogits.weight, Math.sqrt(1.0 / size));
            Initial.zero(preLogits.bias);
            layers.put("pre_logits", preLogits);
            layers.put("act", new Tanh());
            size = config.representationSize;
        }
        Linear head = new Linear(size, config.numClasses);
        Initial.zero(head.weight);
        Initial.zero(head.bias);
        layers.put("head", head);
        return layers;
    }

    // --- files -------------------------------------------------------------------------------------------------

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static VisionTransformer fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static VisionTransformer fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, VisionTransformerConfig::new, VisionTransformer::new, options);
    }

    // --- variants ----------------------------------------------------------------------------------------------

    /** Creates ViT-B/16, of patches of 16x16, with new weights. */
    public static VisionTransformer vitB16() {
        return vitB16(o -> {});
    }

    /** Creates ViT-B/16, of patches of 16x16, with new weights. */
    public static VisionTransformer vitB16(Consumer<? super VariantOptions> options) {
        return variant(16, 12, 12, 768, options);
    }

    /** Creates ViT-B/32, of patches of 32x32, with new weights. */
    public static VisionTransformer vitB32() {
        return vitB32(o -> {});
    }

    /** Creates ViT-B/32, of patches of 32x32, with new weights. */
    public static VisionTransformer vitB32(Consumer<? super VariantOptions> options) {
        return variant(32, 12, 12, 768, options);
    }

    /** Creates ViT-L/16, of patches of 16x16, with new weights. */
    public static VisionTransformer vitL16() {
        return vitL16(o -> {});
    }

    /** Creates ViT-L/16, of patches of 16x16, with new weights. */
    public static VisionTransformer vitL16(Consumer<? super VariantOptions> options) {
        return variant(16, 24, 16, 1024, options);
    }

    /** Creates ViT-L/32, of patches of 32x32, with new weights. */
    public static VisionTransformer vitL32() {
        return vitL32(o -> {});
    }

    /** Creates ViT-L/32, of patches of 32x32, with new weights. */
    public static VisionTransformer vitL32(Consumer<? super VariantOptions> options) {
        return variant(32, 24, 16, 1024, options);
    }

    /** Creates ViT-H/14, of patches of 14x14, with new weights. */
    public static VisionTransformer vitH14() {
        return vitH14(o -> {});
    }

    /** Creates ViT-H/14, of patches of 14x14, with new weights. */
    public static VisionTransformer vitH14(Consumer<? super VariantOptions> options) {
        return variant(14, 32, 16, 1280, options);
    }

    private static VisionTransformer variant(
            int patchSize, int layers, int heads, int hiddenDim, Consumer<? super VariantOptions> options) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("patch_size", patchSize);
        values.put("num_layers", layers);
        values.put("num_heads", heads);
        values.put("hidden_dim", hiddenDim);
        values.put("mlp_dim", 4 * hiddenDim);
        return new VisionTransformer(new VisionTransformerConfig(VariantOptions.apply(values, options)));
    }
}
