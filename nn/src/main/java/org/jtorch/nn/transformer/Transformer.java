package org.jtorch.nn.transformer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.functional.AttentionMasks;
import org.jtorch.nn.init.Init;

/**
 * A transformer: an encoder of the source, and a decoder of the target that attends to the output of the encoder. It does not
 * include embeddings, positional encodings or the projection to words.
 *
 * <p>Shapes: {@link Input}; the output has the shape of {@code tgt}. All parameters with two or more dimensions are Glorot
 * uniform.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Transformer.html">torch.nn.Transformer</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
 */
public class Transformer extends Module<Transformer.Input, Tensor> {

    /**
     * The input of the transformer. A position is excluded if a bool mask is true there; a floating-point mask is added to the
     * scores.
     *
     * @param src (S, N, d_model); (N, S, d_model) if batch first; (S, d_model) for a single sequence
     * @param tgt (T, N, d_model); (N, T, d_model) if batch first; (T, d_model) for a single sequence
     * @param srcMask (S, S) or (N * nhead, S, S), or null
     * @param tgtMask (T, T) or (N * nhead, T, T), or null
     * @param memoryMask (T, S) or (N * nhead, T, S), or null
     * @param srcKeyPaddingMask (N, S), or (S), or null
     * @param tgtKeyPaddingMask (N, T), or (T), or null
     * @param memoryKeyPaddingMask (N, S), or (S), or null
     * @param srcIsCausal whether {@code srcMask} is the causal mask; null to determine it from the values. If it is true for
     *     another mask, the results are wrong
     * @param tgtIsCausal whether {@code tgtMask} is the causal mask; null to determine it from the values
     * @param memoryIsCausal states that {@code memoryMask}, which must be given, is the causal mask
     */
    public record Input(
            Tensor src,
            Tensor tgt,
            @Nullable Tensor srcMask,
            @Nullable Tensor tgtMask,
            @Nullable Tensor memoryMask,
            @Nullable Tensor srcKeyPaddingMask,
            @Nullable Tensor tgtKeyPaddingMask,
            @Nullable Tensor memoryKeyPaddingMask,
            @Nullable Boolean srcIsCausal,
            @Nullable Boolean tgtIsCausal,
            boolean memoryIsCausal) {}

    /** The optional arguments of {@link Transformer}. All its arguments are optional. */
    public static final class Options extends TransformerLayerOptions<Options> {
        private long dModel = 512;
        private long nhead = 8;
        private long numEncoderLayers = 6;
        private long numDecoderLayers = 6;
        private @Nullable Module<TransformerEncoder.Input, Tensor> customEncoder;
        private @Nullable Module<TransformerDecoder.Input, Tensor> customDecoder;

        private Options() {}

        /** Sets the size of an element of the sequences; the default is 512. */
        public Options dModel(long newDModel) {
            dModel = newDModel;
            return this;
        }

        /** Sets the number of heads among which it is divided; the default is 8. */
        public Options nhead(long newNhead) {
            nhead = newNhead;
            return this;
        }

        /** Sets the number of layers of the encoder; the default is 6. */
        public Options numEncoderLayers(long newNumEncoderLayers) {
            numEncoderLayers = newNumEncoderLayers;
            return this;
        }

        /** Sets the number of layers of the decoder; the default is 6. */
        public Options numDecoderLayers(long newNumDecoderLayers) {
            numDecoderLayers = newNumDecoderLayers;
            return this;
        }

        /** Sets an encoder to use instead of the usual one; the default is {@code null}. */
        public Options customEncoder(@Nullable Module<TransformerEncoder.Input, Tensor> newCustomEncoder) {
            customEncoder = newCustomEncoder;
            return this;
        }

        /** Sets a decoder to use instead of the usual one; the default is {@code null}. */
        public Options customDecoder(@Nullable Module<TransformerDecoder.Input, Tensor> newCustomDecoder) {
            customDecoder = newCustomDecoder;
            return this;
        }
    }

    private final long dModel;

    private final long nhead;

    private final boolean batchFirst;

    /** The encoder of the source. */
    public Module<TransformerEncoder.Input, Tensor> encoder;

    /** The decoder of the target. */
    public Module<TransformerDecoder.Input, Tensor> decoder;

    /** Creates the transformer of the paper, with the default options. */
    public Transformer() {
        this(o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or {@code dModel} is not a multiple of {@code nhead}
     */
    public Transformer(Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        dModel = o.dModel;
        nhead = o.nhead;
        batchFirst = o.isBatchFirst();
        encoder = o.customEncoder == null ? encoder(o) : o.customEncoder;
        decoder = o.customDecoder == null ? decoder(o) : o.customDecoder;
        for (Parameter parameter : parameters()) {
            if (parameter.dim() > 1) {
                Init.xavierUniform_(parameter);
            }
        }
    }

    private static TransformerEncoder encoder(Options o) {
        TransformerEncoderLayer layer =
                new TransformerEncoderLayer(o.dModel, o.nhead, o.passTo(new TransformerEncoderLayer.Options()));
        return new TransformerEncoder(layer, o.numEncoderLayers, stack -> stack.norm(o.norm(o.dModel)));
    }

    private static TransformerDecoder decoder(Options o) {
        TransformerDecoderLayer layer =
                new TransformerDecoderLayer(o.dModel, o.nhead, o.passTo(new TransformerDecoderLayer.Options()));
        return new TransformerDecoder(layer, o.numDecoderLayers, stack -> stack.norm(o.norm(o.dModel)));
    }

    /** Runs the layer without masks; see {@link #call(Object)}. */
    public final Tensor call(Tensor src, Tensor tgt) {
        return call(src, tgt, null, null);
    }

    /** Runs the layer with masks, either of which may be null; see {@link #call(Object)}. */
    public final Tensor call(Tensor src, Tensor tgt, @Nullable Tensor srcMask, @Nullable Tensor tgtMask) {
        return call(new Input(src, tgt, srcMask, tgtMask, null, null, null, null, null, null, false));
    }

    /** Returns the size of an element of the sequences. */
    public final long dModel() {
        return dModel;
    }

    /** Returns the number of heads. */
    public final long nhead() {
        return nhead;
    }

    /** Returns whether tensors are (N, L, E) instead of (L, N, E). */
    public final boolean batchFirst() {
        return batchFirst;
    }

    @Override
    protected Tensor forward(Input in) {
        Tensor src = in.src();
        Tensor tgt = in.tgt();
        int batchDim = batchFirst ? 0 : 1;
        if (src.dim() == 3 && src.size(batchDim) != tgt.size(batchDim)) {
            throw new TorchException("the batch number of src and tgt must be equal, but they are " + src.size(batchDim)
                    + " and " + tgt.size(batchDim));
        }
        if (src.size(-1) != dModel || tgt.size(-1) != dModel) {
            throw new TorchException("the feature number of src and tgt must be equal to d_model, but they are "
                    + src.size(-1) + " and " + tgt.size(-1) + " for " + dModel);
        }
        Tensor memory =
                encoder.call(new TransformerEncoder.Input(src, in.srcMask(), in.srcKeyPaddingMask(), in.srcIsCausal()));
        return decoder.call(new TransformerDecoder.Input(
                tgt,
                memory,
                in.tgtMask(),
                in.memoryMask(),
                in.tgtKeyPaddingMask(),
                in.memoryKeyPaddingMask(),
                in.tgtIsCausal(),
                in.memoryIsCausal()));
    }

    /** Returns a causal mask in float32 on the CPU; see {@link #generateSquareSubsequentMask(long, Device, DType)}. */
    public static Tensor generateSquareSubsequentMask(long sz) {
        return generateSquareSubsequentMask(sz, null, null);
    }

    /**
     * Returns the causal mask. It is minus infinity above the diagonal and 0 elsewhere, so that each position attends only to
     * itself and to those before it.
     *
     * @param sz the number of positions
     * @param device the device of the mask; null for the CPU
     * @param dtype the dtype of the mask; null for float32
     * @return (sz, sz)
     */
    public static Tensor generateSquareSubsequentMask(long sz, @Nullable Device device, @Nullable DType dtype) {
        return AttentionMasks.causal(sz, device, dtype);
    }
}
