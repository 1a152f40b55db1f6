package org.jtorch.models.gpt2;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.decoder.CachedAttention;
import org.jtorch.models.decoder.CausalMask;
import org.jtorch.models.decoder.KeyValueCache;
import org.jtorch.models.layers.AttentionHeads;
import org.jtorch.nn.Module;
import org.jtorch.nn.Name;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.norm.LayerNorm;

/** Attention to the tokens before, and a map of each token, each of what is normalized, and added to its input. */
final class GPT2Block extends Module<GPT2Block.Input, Tensor> {

    /**
     * What a block is given.
     *
     * @param states (N, S, n_embd)
     * @param mask the tokens that may be seen
     * @param cache the tokens before, or null
     */
    record Input(Tensor states, CausalMask mask, @Nullable KeyValueCache cache) {}

    @Name("ln_1")
    LayerNorm ln1;

    Attention attn;

    @Name("ln_2")
    LayerNorm ln2;

    Mlp mlp;

    GPT2Block(GPT2Config config, int index) {
        ln1 = new LayerNorm(config.nEmbd, o -> o.eps(config.layerNormEpsilon));
        attn = new Attention(config, index);
        ln2 = new LayerNorm(config.nEmbd, o -> o.eps(config.layerNormEpsilon));
        mlp = new Mlp(config);
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor x = input.states;
        x = x.add(attn.call(new Input(ln1.call(x), input.mask, input.cache)));
        return x.add(mlp.call(ln2.call(x)));
    }

    /** Attention with several heads. */
    static final class Attention extends Module<Input, Tensor> {
        Conv1D cAttn;
        Conv1D cProj;
        Dropout attnDropout;
        Dropout residDropout;
        private final int index;
        private final long heads;
        private final double scale;

        Attention(GPT2Config config, int index) {
            cAttn = new Conv1D(config.nEmbd, 3 * config.nEmbd);
            cProj = new Conv1D(config.nEmbd, config.nEmbd);
            attnDropout = new Dropout(config.attnPdrop);
            residDropout = new Dropout(config.residPdrop);
            this.index = index;
            heads = config.nHead;
            scale = (config.scaleAttnWeights ? 1 / Math.sqrt((double) config.nEmbd / heads) : 1)
                    / (config.scaleAttnByInverseLayerIdx ? index + 1 : 1);
        }

        @Override
        protected Tensor forward(Input input) {
            // (3, N, heads, S, n_embd / heads)
            Tensor qkv = cAttn.call(input.states).unflatten(-1, 3, heads, -1).permute(2, 0, 3, 1, 4);
            Tensor k = qkv.select(0, 1);
            Tensor v = qkv.select(0, 2);
            KeyValueCache.Entry all =
                    input.cache == null ? new KeyValueCache.Entry(k, v) : input.cache.add(index, k, v);
            double dropout = isTraining() ? attnDropout.p() : 0;
            Tensor mixed = CachedAttention.mix(qkv.select(0, 0), all, input.mask, dropout, scale);
            return residDropout.call(cProj.call(AttentionHeads.join(mixed)));
        }
    }

    /** A map of each token. */
    static final class Mlp extends Module<Tensor, Tensor> {
        Conv1D cFc;
        Conv1D cProj;
        Dropout dropout;
        private final UnaryOperator<Tensor> activation;

        Mlp(GPT2Config config) {
            cFc = new Conv1D(config.nEmbd, config.nInner);
            cProj = new Conv1D(config.nInner, config.nEmbd);
            dropout = new Dropout(config.residPdrop);
            activation = config.activationFunction;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return dropout.call(cProj.call(activation.apply(cFc.call(x))));
        }
    }

    /** A linear map whose weight is transposed, (in_features, out_features): {@code y = x W + b}. */
    static final class Conv1D extends Module<Tensor, Tensor> {
        Parameter weight;
        Parameter bias;

        Conv1D(long inFeatures, long outFeatures) {
            weight = new Parameter(Torch.empty(inFeatures, outFeatures));
            bias = new Parameter(Torch.zeros(outFeatures));
            Init.normal_(weight, 0, 0.02);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return F.linear(x, weight.t(), bias);
        }
    }
}
