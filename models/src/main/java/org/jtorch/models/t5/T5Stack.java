package org.jtorch.models.t5;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.models.decoder.CausalMask;
import org.jtorch.models.decoder.DecoderInput;
import org.jtorch.models.decoder.DecoderNorm;
import org.jtorch.models.layers.AttentionMasks;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.sparse.Embedding;

/** The encoder or the decoder: tokens (N, T) to states (N, T, d_model). */
final class T5Stack extends Module<T5Stack.Input, Tensor> {

    /**
     * What an encoder or a decoder is given.
     *
     * @param ids the tokens, after those in the cache, (N, T)
     * @param mask 1 for tokens and 0 for padding, (N, tokens in the cache + T); null if there is no padding
     * @param encoded the states of the text that is read, (N, S, d_model); null in an encoder
     * @param encodedMask 1 for its tokens and 0 for padding, (N, S); null if there is no padding
     * @param cache what is kept, or null
     */
    record Input(
            Tensor ids,
            @Nullable Tensor mask,
            @Nullable Tensor encoded,
            @Nullable Tensor encodedMask,
            @Nullable T5Cache cache) {}

    Embedding embedTokens;
    ModuleList<T5Block> block;
    DecoderNorm finalLayerNorm;
    Dropout dropout;
    private final boolean decoder;

    T5Stack(T5Config config, boolean decoder, Parameter embeddings) {
        embedTokens = new Embedding(config.vocabSize, config.dModel);
        embedTokens.weight = embeddings;
        block = new ModuleList<>(
                IntStream.range(0, Math.toIntExact(decoder ? config.numDecoderLayers : config.numLayers))
                        .mapToObj(i -> new T5Block(config, decoder, i))
                        .toList());
        finalLayerNorm = new DecoderNorm(config.dModel, config.layerNormEpsilon, 0);
        dropout = new Dropout(config.dropoutRate);
        this.decoder = decoder;
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor states = dropout.call(embedTokens.call(input.ids));
        Tensor encodedMask = AttentionMasks.bidirectional(input.encodedMask);
        Tensor added = AttentionMasks.added(bias(input, states), mask(input));
        for (T5Block each : block) {
            states = each.call(new T5Block.Input(states, added, input.encoded, encodedMask, input.cache));
        }
        return dropout.call(finalLayerNorm.call(states));
    }

    private Tensor bias(Input input, Tensor states) {
        long past = input.cache == null ? 0 : input.cache.written().length();
        return block.get(0).bias(past, states.size(1), states);
    }

    /** Returns where a token may look at another one, or null if it may always. */
    private @Nullable Tensor mask(Input input) {
        if (!decoder) {
            return AttentionMasks.bidirectional(input.mask);
        }
        CausalMask mask = CausalMask.of(
                new DecoderInput(input.ids, input.mask, null, input.cache == null ? null : input.cache.written(), 0),
                0);
        long tokens = input.ids.size(1);
        TensorOptions options = TensorOptions.of(DType.BOOL).device(input.ids.device());
        return mask.causal() ? Torch.ones(new long[] {tokens, tokens}, options).tril() : mask.allowed();
    }
}
