package org.jtorch.nn.transformer;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.Warnings;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.functional.AttentionMasks;
import org.jtorch.nn.internal.FirstRun;

/**
 * Encoder layers that are called one after the other, optionally followed by a normalization. All layers are copies of the
 * given one, so they have the same initial values.
 *
 * <p>Shapes: {@link Input}; the output has the shape of {@code src}.
 *
 * <p>At the padding, the last layer returns zeros, as PyTorch's nested tensors do, if all of these conditions hold: the encoder
 * is in eval mode; no gradient is required; there is a key padding mask that masks the ends of the sequences, and no other
 * mask; and {@link #useNestedTensor} is true. This is the only place at which the values depend on whether gradients are
 * required, as in PyTorch. With {@code enableNestedTensor(false)}, they never do. The values at positions other than the
 * padding are identical in either case.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html">torch.nn.TransformerEncoder</a>
 */
public class TransformerEncoder extends Module<TransformerEncoder.Input, Tensor> {

    /**
     * The input of the encoder. A position is excluded if a bool mask is true there; a floating-point mask is added to the
     * scores.
     *
     * @param src (S, N, d_model); (N, S, d_model) if batch first; (S, d_model) for a single sequence
     * @param mask the pairs of positions that may not attend to each other, (S, S) or (N * nhead, S, S); or null
     * @param srcKeyPaddingMask the positions that no position attends to, (N, S) or (S); or null
     * @param isCausal whether {@code mask} is the causal mask; null to determine it from the values. If it is true for another
     *     mask, the results are wrong
     */
    public record Input(
            Tensor src,
            @Nullable Tensor mask,
            @Nullable Tensor srcKeyPaddingMask,
            @Nullable Boolean isCausal) {}

    /** The optional arguments of {@link TransformerEncoder}. */
    public static final class Options {
        private @Nullable Module<Tensor, Tensor> norm;
        private boolean enableNestedTensor = true;
        private boolean maskCheck = true;

        private Options() {}

        /** Sets the normalization after the last layer; the default is null for none. */
        public Options norm(@Nullable Module<Tensor, Tensor> newNorm) {
            norm = newNorm;
            return this;
        }

        /**
         * Sets whether the last layer returns zeros at the padding in eval mode without gradients; the default is {@code true}.
         */
        public Options enableNestedTensor(boolean newEnableNestedTensor) {
            enableNestedTensor = newEnableNestedTensor;
            return this;
        }

        /**
         * Sets whether zeros are returned only if all padding is at the ends of the sequences; the default is {@code true}. If
         * it is false, they are returned wherever there is padding.
         */
        public Options maskCheck(boolean newMaskCheck) {
            maskCheck = newMaskCheck;
            return this;
        }
    }

    private static final Set<String> NESTED_DEVICES = Set.of("cpu", "cuda");

    /** The layers. */
    public ModuleList<TransformerEncoderLayer> layers;

    private final long numLayers;

    /** The normalization after the last layer, or null. */
    public @Nullable Module<Tensor, Tensor> norm;

    private final boolean enableNestedTensor;

    private final boolean useNestedTensor;

    private boolean maskCheck;

    /** Creates a layer with the default options. */
    public TransformerEncoder(TransformerEncoderLayer encoderLayer, long numLayers) {
        this(encoderLayer, numLayers, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param encoderLayer the layer to copy
     * @param numLayers the number of layers
     * @param options sets the optional arguments
     */
    public TransformerEncoder(TransformerEncoderLayer encoderLayer, long numLayers, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        layers = Stack.copies(encoderLayer, numLayers);
        this.numLayers = numLayers;
        norm = o.norm;
        enableNestedTensor = o.enableNestedTensor;
        maskCheck = o.maskCheck;
        String obstacle = obstacle(encoderLayer);
        useNestedTensor = enableNestedTensor && obstacle == null;
        if (enableNestedTensor && obstacle != null) {
            Warnings.once(
                    TransformerEncoder.class,
                    "enable_nested_tensor is True, but self.use_nested_tensor is False because " + obstacle);
        }
    }

    /** Runs the layer without masks; see {@link #call(Object)}. */
    public final Tensor call(Tensor src) {
        return call(src, null, null);
    }

    /** Runs the layer with masks, either of which may be null; see {@link #call(Object)}. */
    public final Tensor call(Tensor src, @Nullable Tensor mask, @Nullable Tensor srcKeyPaddingMask) {
        return call(new Input(src, mask, srcKeyPaddingMask, null));
    }

    /** Returns the number of layers given at creation. */
    public final long numLayers() {
        return numLayers;
    }

    /** Returns whether zeros at the padding were requested. */
    public final boolean enableNestedTensor() {
        return enableNestedTensor;
    }

    /** Returns whether zeros at the padding were requested and the form of the layers allows it. */
    public final boolean useNestedTensor() {
        return useNestedTensor;
    }

    /** Returns whether the position of the padding is checked first. */
    public final boolean maskCheck() {
        return maskCheck;
    }

    /** Sets {@link #maskCheck()}. */
    public final void maskCheck(boolean newMaskCheck) {
        maskCheck = newMaskCheck;
    }

    @Override
    protected Tensor forward(Input in) {
        Tensor src = in.src();
        TransformerEncoderLayer first = Stack.first(layers);
        Tensor padding = AttentionMasks.canonical(
                in.srcKeyPaddingMask(), "src_key_padding_mask", in.mask(), "mask", src.dtype());
        Tensor mask = AttentionMasks.canonical(in.mask(), "mask", null, "", src.dtype());
        long length = AttentionMasks.length(src, first.selfAttn.batchFirst());
        boolean causal = AttentionMasks.isCausal(mask, in.isCausal(), length);
        Tensor blank = mask == null && padding != null ? blank(src, padding, first) : null;
        Tensor x = src;
        for (TransformerEncoderLayer layer : layers) {
            x = layer.call(new TransformerEncoderLayer.Input(x, mask, padding, causal));
        }
        if (blank != null) {
            x = x.maskedFill(blank, 0);
        }
        return norm == null ? x : norm.call(x);
    }

    /** Returns the positions at which the last layer returns zeros, (N, S, 1), or null if there are none. */
    private @Nullable Tensor blank(Tensor src, Tensor padding, TransformerEncoderLayer first) {
        if (!useNestedTensor
                || first.isTraining()
                || src.dim() != 3
                || padding.dim() != 2
                || !NESTED_DEVICES.contains(src.device().type())
                || isGradientAskedFor(src, first)) {
            return null;
        }
        Tensor valid = padding.logicalNot();
        return !maskCheck || isLeftAligned(valid) ? valid.logicalNot().unsqueeze(-1) : null;
    }

    /** Returns whether a bool mask (N, S) is true at the beginning of each row and false after that. */
    private static boolean isLeftAligned(Tensor valid) {
        Tensor begins =
                valid.slice(1, 1, null).logicalAnd(valid.slice(1, null, -1).logicalNot());
        return begins.sum().itemLong() == 0;
    }

    /**
     * Returns whether a gradient is required, by PyTorch's test of the input and of the first layer's parameters. Within a
     * checkpoint, a gradient is required later.
     */
    private static boolean isGradientAskedFor(Tensor src, TransformerEncoderLayer first) {
        return FirstRun.isActive()
                || Autograd.isGradEnabled()
                        && (src.requiresGrad() || first.parameters().stream().anyMatch(Tensor::requiresGrad));
    }

    /** Returns the reason, in PyTorch's words, why nested tensors cannot be used with such layers; null if they can. */
    private static @Nullable String obstacle(TransformerEncoderLayer layer) {
        MultiheadAttention attention = layer.selfAttn;
        if (layer.normFirst) {
            return "encoder_layer.norm_first was True";
        } else if (!attention.batchFirst()) {
            return "encoder_layer.self_attn.batch_first was not True(use batch_first for better inference performance)";
        } else if (attention.inProjWeight == null) {
            return "encoder_layer.self_attn._qkv_same_embed_dim was not True";
        } else if (attention.inProjBias == null) {
            return "encoder_layer.self_attn was passed bias=False";
        } else if (layer.activationReluOrGelu() == 0) {
            return "encoder_layer.activation_relu_or_gelu was not True";
        } else if (layer.norm1.eps() != layer.norm2.eps()) {
            return "encoder_layer.norm1.eps was not equal to encoder_layer.norm2.eps";
        } else if (attention.numHeads() % 2 == 1) {
            return "encoder_layer.self_attn.num_heads is odd";
        }
        return null;
    }
}
