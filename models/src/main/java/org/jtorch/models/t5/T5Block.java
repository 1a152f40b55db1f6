package org.jtorch.models.t5;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.decoder.DecoderNorm;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;
import org.jtorch.nn.Name;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;

/**
 * Attention among the tokens, in a decoder attention to the text that is read, and a map of each token, each of what is normalized, and
 * added to its input: (N, T, d_model) to (N, T, d_model).
 *
 * @see <a href="https://arxiv.org/abs/1910.10683">Exploring the Limits of Transfer Learning with a Unified Text-to-Text
 *     Transformer</a>
 */
final class T5Block extends Module<T5Block.Input, Tensor> {

    /**
     * What a block is given.
     *
     * @param states (N, T, d_model)
     * @param added what is added to the scores of the attention among the tokens, (N or 1, heads, T, tokens)
     * @param encoded the states of the text that is read, (N, S, d_model); null in an encoder
     * @param encodedMask true where its tokens are, (N, 1, 1, S); null if there is no padding
     * @param cache what is kept, or null
     */
    record Input(
            Tensor states,
            Tensor added,
            @Nullable Tensor encoded,
            @Nullable Tensor encodedMask,
            @Nullable T5Cache cache) {

        Input with(Tensor newStates) {
            return new Input(newStates, added, encoded, encodedMask, cache);
        }
    }

    ModuleList<Module<Input, Tensor>> layer;
    private final SelfAttention first;

    T5Block(T5Config config, boolean decoder, int index) {
        first = new SelfAttention(config, decoder, index);
        List<Module<Input, Tensor>> layers = new ArrayList<>();
        layers.add(first);
        if (decoder) {
            layers.add(new CrossAttention(config, index));
        }
        layers.add(new FeedForward(config));
        layer = new ModuleList<>(layers);
    }

    @Override
    protected Tensor forward(Input input) {
        Tensor states = input.states;
        for (Module<Input, Tensor> each : layer) {
            states = each.call(input.with(states));
        }
        return states;
    }

    /** Returns the bias of the scores of all blocks, (1, heads, queries, past + queries); only the first block has it. */
    Tensor bias(long past, long queries, Tensor like) {
        return first.attention.bias(past, queries, like);
    }

    /** Attention among the tokens. */
    static final class SelfAttention extends Module<Input, Tensor> {
        @Name("SelfAttention")
        T5Attention attention;

        DecoderNorm layerNorm;
        Dropout dropout;

        SelfAttention(T5Config config, boolean decoder, int index) {
            attention = new T5Attention(config, decoder, index == 0, index);
            layerNorm = new DecoderNorm(config.dModel, config.layerNormEpsilon, 0);
            dropout = new Dropout(config.dropoutRate);
        }

        @Override
        protected Tensor forward(Input input) {
            Tensor normed = layerNorm.call(input.states);
            Tensor mixed = attention.call(new T5Attention.Input(normed, null, input.added, input.cache));
            return input.states.add(dropout.call(mixed));
        }
    }

    /** Attention to the text that is read. */
    static final class CrossAttention extends Module<Input, Tensor> {
        @Name("EncDecAttention")
        T5Attention attention;

        DecoderNorm layerNorm;
        Dropout dropout;

        CrossAttention(T5Config config, int index) {
            attention = new T5Attention(config, true, false, index);
            layerNorm = new DecoderNorm(config.dModel, config.layerNormEpsilon, 0);
            dropout = new Dropout(config.dropoutRate);
        }

        @Override
        protected Tensor forward(Input input) {
            Tensor normed = layerNorm.call(input.states);
            Tensor mixed = attention.call(new T5Attention.Input(normed, input.encoded, input.encodedMask, input.cache));
            return input.states.add(dropout.call(mixed));
        }
    }

    /** A map of each token. */
    static final class FeedForward extends Module<Input, Tensor> {
        @Name("DenseReluDense")
        Dense dense;

        DecoderNorm layerNorm;
        Dropout dropout;

        FeedForward(T5Config config) {
            dense = new Dense(config);
            layerNorm = new DecoderNorm(config.dModel, config.layerNormEpsilon, 0);
            dropout = new Dropout(config.dropoutRate);
        }

        @Override
        protected Tensor forward(Input input) {
            return input.states.add(dropout.call(dense.call(layerNorm.call(input.states))));
        }
    }

    /** {@code wo(activation(wi(x)))}, or with a gate {@code wo(activation(wi_0(x)) * wi_1(x))}. */
    static final class Dense extends Module<Tensor, Tensor> {
        @Nullable
        Linear wi;

        @Name("wi_0")
        @Nullable
        Linear wi0;

        @Name("wi_1")
        @Nullable
        Linear wi1;

        Linear wo;
        Dropout dropout;
        private final UnaryOperator<Tensor> activation;

        Dense(T5Config config) {
            if (config.gated) {
                wi0 = new Linear(config.dModel, config.dFf, o -> o.bias(false));
                wi1 = new Linear(config.dModel, config.dFf, o -> o.bias(false));
            } else {
                wi = new Linear(config.dModel, config.dFf, o -> o.bias(false));
            }
            wo = new Linear(config.dFf, config.dModel, o -> o.bias(false));
            dropout = new Dropout(config.dropoutRate);
            activation = config.activation;
        }

        @Override
        protected Tensor forward(Tensor x) {
            Tensor inner = wi != null ? activation.apply(wi.call(x)) : gated(x);
            return wo.call(dropout.call(inner));
        }

        private Tensor gated(Tensor x) {
            return activation
                    .apply(Objects.requireNonNull(wi0).call(x))
                    .mul(Objects.requireNonNull(wi1).call(x));
        }
    }
}
