package org.jtorch.nn.transformer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.internal.AttentionMasks;
import org.jtorch.nn.internal.Warnings;

/**
 * Encoder layers one behind the other, and a normalisation behind the last where there is one. All layers are copies of the one
 * given, and so begin with the same values.
 *
 * <p>Shapes: {@link Input}; the output is shaped as {@code src}.
 *
 * <p>In eval mode, with no derivative asked for, a key padding mask and no other, and layers that run in one kernel: the
 * padding is not computed at all, and the last layer gives zeros there. PyTorch calls that nested tensors.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html">torch.nn.TransformerEncoder</a>
 */
public class TransformerEncoder extends Module<TransformerEncoder.Input, Tensor> {

    /**
     * What the encoder takes. A bool mask keeps out where it holds; a floating point mask is added to the scores.
     *
     * @param src (S, N, d_model), batch first (N, S, d_model), or a single sequence (S, d_model)
     * @param mask which position heeds which not, (S, S) or (N * nhead, S, S); or null
     * @param srcKeyPaddingMask which positions are heeded by none, (N, S), or (S); or null
     * @param isCausal whether {@code mask} is the causal one; null: its values tell. A wrong hint gives wrong results
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

        /** What stands behind the last layer; default null, nothing. */
        public Options norm(@Nullable Module<Tensor, Tensor> newNorm) {
            norm = newNorm;
            return this;
        }

        /** Whether padding is left out of the computation where that can be; default true. */
        public Options enableNestedTensor(boolean newEnableNestedTensor) {
            enableNestedTensor = newEnableNestedTensor;
            return this;
        }

        /**
         * Whether it is checked first that all padding stands behind the sequences, without which none can be left out; default
         * true. Without the check, padding elsewhere gives wrong results.
         */
        public Options maskCheck(boolean newMaskCheck) {
            maskCheck = newMaskCheck;
            return this;
        }
    }

    /** The layers. */
    public ModuleList<TransformerEncoderLayer> layers;

    private final long numLayers;

    /** What stands behind the last layer, or null. */
    public @Nullable Module<Tensor, Tensor> norm;

    private final boolean enableNestedTensor;

    private final boolean useNestedTensor;

    private boolean maskCheck;

    /** With the default options. */
    public TransformerEncoder(TransformerEncoderLayer encoderLayer, long numLayers) {
        this(encoderLayer, numLayers, o -> {});
    }

    /**
     * As {@code options} say.
     *
     * @param encoderLayer what the layers are copies of
     * @param numLayers how many there are
     * @param options sets the optional arguments
     */
    public TransformerEncoder(TransformerEncoderLayer encoderLayer, long numLayers, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        layers = Stack.copies(encoderLayer, numLayers);
        this.numLayers = numLayers;
        norm = o.norm;
        enableNestedTensor = o.enableNestedTensor;
        maskCheck = o.maskCheck;
        String obstacle = FusedEncoderLayer.obstacle(encoderLayer);
        useNestedTensor = enableNestedTensor && obstacle == null;
        if (enableNestedTensor && obstacle != null) {
            Warnings.once(
                    TransformerEncoder.class,
                    "enable_nested_tensor is True, but self.use_nested_tensor is False because " + obstacle);
        }
    }

    /** Without masks: {@link #call(Object)}. */
    public final Tensor call(Tensor src) {
        return call(src, null, null);
    }

    /** With masks, either of which may be null: {@link #call(Object)}. */
    public final Tensor call(Tensor src, @Nullable Tensor mask, @Nullable Tensor srcKeyPaddingMask) {
        return call(new Input(src, mask, srcKeyPaddingMask, null));
    }

    /** How many layers were asked for. */
    public final long numLayers() {
        return numLayers;
    }

    /** Whether leaving padding out was asked for. */
    public final boolean enableNestedTensor() {
        return enableNestedTensor;
    }

    /** Whether it may be done: asked for, and the layers' form allows it. */
    public final boolean useNestedTensor() {
        return useNestedTensor;
    }

    /** Whether it is checked first where the padding stands. */
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
        Tensor dense = padding == null || mask != null ? null : withoutPadding(src, padding, first);
        Tensor x = dense == null ? src : dense;
        for (TransformerEncoderLayer layer : layers) {
            x = layer.call(new TransformerEncoderLayer.Input(x, mask, dense == null ? padding : null, causal));
        }
        if (dense != null) {
            x = NestedTensors.padded(x, src.shape());
        }
        return norm == null ? x : norm.call(x);
    }

    /** The sequences alone; null where padding must be computed with them. */
    private @Nullable Tensor withoutPadding(Tensor src, Tensor padding, TransformerEncoderLayer first) {
        if (!useNestedTensor || first.isTraining() || src.dim() != 3 || !FusedEncoderLayer.isFree(src, first)) {
            return null;
        }
        Tensor valid = padding.logicalNot();
        return maskCheck && !NestedTensors.isLeftAligned(src, valid) ? null : NestedTensors.of(src, valid);
    }
}
