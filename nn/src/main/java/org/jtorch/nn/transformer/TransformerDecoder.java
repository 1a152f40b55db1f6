package org.jtorch.nn.transformer;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.functional.AttentionMasks;

/**
 * Decoder layers that are called one after the other, optionally followed by a normalization. All layers are copies of the
 * given one, so they have the same initial values.
 *
 * <p>Shapes: {@link Input}; the output has the shape of {@code tgt}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html">torch.nn.TransformerDecoder</a>
 */
public class TransformerDecoder extends Module<TransformerDecoder.Input, Tensor> {

    /**
     * The input of the decoder. A position is excluded if a bool mask is true there; a floating-point mask is added to the
     * scores.
     *
     * @param tgt (T, N, d_model); (N, T, d_model) if batch first; (T, d_model) for a single sequence
     * @param memory the output of the encoder, (S, N, d_model); (N, S, d_model) if batch first; (S, d_model) for a single
     *     sequence
     * @param tgtMask (T, T) or (N * nhead, T, T), or null
     * @param memoryMask (T, S) or (N * nhead, T, S), or null
     * @param tgtKeyPaddingMask (N, T), or (T), or null
     * @param memoryKeyPaddingMask (N, S), or (S), or null
     * @param tgtIsCausal whether {@code tgtMask} is the causal mask; null to determine it from the values. If it is true for
     *     another mask, the results are wrong
     * @param memoryIsCausal states that {@code memoryMask}, which must be given, is the causal mask
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

        /** Sets the normalization after the last layer; the default is null for none. */
        public Options norm(@Nullable Module<Tensor, Tensor> newNorm) {
            norm = newNorm;
            return this;
        }
    }

    /** The layers. */
    public ModuleList<TransformerDecoderLayer> layers;

    private final long numLayers;

    /** The normalization after the last layer, or null. */
    public @Nullable Module<Tensor, Tensor> norm;

    /** Creates a layer with the default options. */
    public TransformerDecoder(TransformerDecoderLayer decoderLayer, long numLayers) {
        this(decoderLayer, numLayers, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param decoderLayer the layer to copy
     * @param numLayers the number of layers
     * @param options sets the optional arguments
     */
    public TransformerDecoder(TransformerDecoderLayer decoderLayer, long numLayers, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        layers = Stack.copies(decoderLayer, numLayers);
        this.numLayers = numLayers;
        norm = o.norm;
    }

    /** Runs the layer without masks; see {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory) {
        return call(tgt, memory, null, null);
    }

    /** Runs the layer with masks, either of which may be null; see {@link #call(Object)}. */
    public final Tensor call(Tensor tgt, Tensor memory, @Nullable Tensor tgtMask, @Nullable Tensor memoryMask) {
        return call(new Input(tgt, memory, tgtMask, memoryMask, null, null, null, false));
    }

    /** Returns the number of layers given at creation. */
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
