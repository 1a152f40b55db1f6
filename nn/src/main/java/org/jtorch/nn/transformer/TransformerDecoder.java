package org.jtorch.nn.transformer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.functional.AttentionMasks;

/**
 * Decoder layers one after the other, and a normalisation after the last where there is one. All layers are copies of the one
 * given, and so begin with the same values.
 *
 * <p>Shapes: {@link Input}; the output is shaped as {@code tgt}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html">torch.nn.TransformerDecoder</a>
 */
public class TransformerDecoder extends Module<TransformerDecoder.Input, Tensor> {

    /**
     * What the decoder takes. A bool mask keeps out where it holds; a floating point mask is added to the scores.
     *
     * @param tgt (T, N, d_model), batch first (N, T, d_model), or a single sequence (T, d_model)
     * @param memory what the encoder gave, (S, N, d_model), batch first (N, S, d_model), or (S, d_model)
     * @param tgtMask (T, T) or (N * nhead, T, T), or null
     * @param memoryMask (T, S) or (N * nhead, T, S), or null
     * @param tgtKeyPaddingMask (N, T), or (T), or null
     * @param memoryKeyPaddingMask (N, S), or (S), or null
     * @param tgtIsCausal whether {@code tgtMask} is the causal one; null: its values tell. A wrong hint gives wrong results
     * @param memoryIsCausal that {@code memoryMask}, which must be there, is the causal one
     */
    public record Input(
            Tensor tgt,
            Tensor memory,
            @Nullable Tensor tgtMask,
            @Nullable Tensor memoryMask,
            @Nullable Tensor tgtKeyPaddingMask,
            @Nullable Tensor memoryKeyPaddingMask,
            @Nullable Boolean tgtIsCausal,
            boolean memoryIsCausal) {}

    /** The optional arguments of {@link TransformerDecoder}. */
    public static final class Options {
        private @Nullable Module<Tensor, Tensor> norm;

        private Options() {}

        /** Sets what stands after the last layer; the default is null, nothing. */
        public Options norm(@Nullable Module<Tensor, Tensor> newNorm) {
            norm = newNorm;
            return this;
        }
    }

    /** The layers. */
    public ModuleList<TransformerDecoderLayer> layers;

    private final long numLayers;

    /** What stands after the last layer, or null. */
    public @Nullable Module<Tensor, Tensor> norm;

    /** With the default options. */
    public TransformerDecoder(TransformerDecoderLayer decoderLayer, long numLayers) {
        this(decoderLayer, numLayers, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param decoderLayer what the layers are copies of
     * @param numLayers how many there are
     * @param options sets the optional arguments
     */
    public TransformerDecoder(TransformerDecoderLayer decoderLayer, long numLayers, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        layers = Stack.copies(decoderLayer, numLayers);
        this.numLayers = numLayers;
        norm = o.norm;
    }

    /** Without masks: {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory) {
        return call(tgt, memory, null, null);
    }

    /** With masks, either of which may be null: {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory, @Nullable Tensor tgtMask, @Nullable Tensor memoryMask) {
        return call(new Input(tgt, memory, tgtMask, memoryMask, null, null, null, false));
    }

    /** Returns how many layers were asked for. */
    public final long numLayers() {
        return numLayers;
    }

    @Override
    protected Tensor forward(Input in) {
        long length =
                AttentionMasks.length(in.tgt(), Stack.first(layers).selfAttn.batchFirst());
        boolean causal = AttentionMasks.isCausal(in.tgtMask(), in.tgtIsCausal(), length);
        Tensor x = in.tgt();
        for (TransformerDecoderLayer layer : layers) {
            x = layer.call(new TransformerDecoderLayer.Input(
                    x,
                    in.memory(),
                    in.tgtMask(),
                    in.memoryMask(),
                    in.tgtKeyPaddingMask(),
                    in.memoryKeyPaddingMask(),
                    causal,
                    in.memoryIsCausal()));
        }
        return norm == null ? x : norm.call(x);
    }
}
