package org.jtorch.models.decoder;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.AttentionHeads;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.linear.Linear;

/** Attention to the tokens before, and a gated map of each token, each of what is normalized, and added to its input. */
final class DecoderLayer extends Module<DecoderLayer.Input, Tensor> {

    /**
     * What a layer is given.
     *
     * @param states (N, S, hidden_size)
     * @param angles the positions
     * @param mask the tokens that may be seen
     * @param cache the tokens before, or null
     */
    record Input(
            Tensor states,
            RotaryEmbedding.Angles angles,
            CausalMask mask,
            @Nullable KeyValueCache cache) {}

    Attention selfAttn;
    GatedMlp mlp;

    @Name("input_layernorm")
    DecoderNorm inputNorm;

    @Name("post_attention_layernorm")
    DecoderNorm postAttentionNorm;

    DecoderLayer(DecoderConfig config, int index) {
        selfAttn = new Attention(config, index);
        mlp = new GatedMlp(config);
        inputNorm = new DecoderNorm(config.hiddenSize, config.rmsNormEps, config.normOffset());
        postAttentionNorm = new DecoderNorm(config.hiddenSize, config.rmsNormEps, config.normOffset());
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor x = input.states;
        x = x.add(selfAttn.call(new Input(inputNorm.call(x), input.angles, input.mask, input.cache)));
        return x.add(mlp.call(postAttentionNorm.call(x)));
    }

    /** Attention in which several heads of queries share a head of keys and values. */
    static final class Attention extends Module<Input, Tensor> {
        Linear qProj;
        Linear kProj;
        Linear vProj;
        Linear oProj;

        @Nullable
        DecoderNorm qNorm;

        @Nullable
        DecoderNorm kNorm;

        private final int index;
        private final long headDim;
        private final double dropout;

        Attention(DecoderConfig config, int index) {
            long queries = config.numAttentionHeads * config.headDim;
            long keys = config.numKeyValueHeads * config.headDim;
            qProj = new Linear(config.hiddenSize, queries, o -> o.bias(config.hasQkvBias()));
            kProj = new Linear(config.hiddenSize, keys, o -> o.bias(config.hasQkvBias()));
            vProj = new Linear(config.hiddenSize, keys, o -> o.bias(config.hasQkvBias()));
            oProj = new Linear(queries, config.hiddenSize, o -> o.bias(config.hasOutputBias()));
            if (config.normalizesQueriesAndKeys()) {
                qNorm = new DecoderNorm(config.headDim, config.rmsNormEps, config.normOffset());
                kNorm = new DecoderNorm(config.headDim, config.rmsNormEps, config.normOffset());
            }
            this.index = index;
            headDim = config.headDim;
            dropout = config.attentionDropout;
        }

        @Override
        protected Tensor forward(Input input) {
            Tensor x = input.states;
            Tensor q = input.angles.apply(heads(qProj.call(x), qNorm));
            Tensor k = input.angles.apply(heads(kProj.call(x), kNorm));
            Tensor v = heads(vProj.call(x), null);
            KeyValueCache.Entry all =
                    input.cache == null ? new KeyValueCache.Entry(k, v) : input.cache.add(index, k, v);
            Tensor mixed = CachedAttention.mix(q, all, input.mask, isTraining() ? dropout : 0, null);
            return oProj.call(AttentionHeads.join(mixed));
        }

        /** Returns (N, heads, S, head_dim). */
        private Tensor heads(Tensor x, @Nullable DecoderNorm norm) {
            Tensor split = x.unflatten(-1, -1, headDim);
            return (norm == null ? split : norm.call(split)).transpose(1, 2);
        }
    }
}
