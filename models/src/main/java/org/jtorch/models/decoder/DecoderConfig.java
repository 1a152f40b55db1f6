package org.jtorch.models.decoder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/**
 * The configuration of a decoder with rotary positions, RMS normalization and gated maps. A subclass has the defaults of its
 * architecture, and says in which of the variants it differs.
 */
public abstract class DecoderConfig extends ModelConfig {

    /**
     * The defaults in which architectures differ.
     *
     * @param vocabSize the number of tokens
     * @param hiddenSize the size of a state
     * @param intermediateSize the size of the gated map
     * @param layers the number of layers
     * @param heads the number of heads of the queries
     * @param maxPositions the number of positions
     * @param activation the activation of the gated map
     */
    public record Defaults(
            long vocabSize,
            long hiddenSize,
            long intermediateSize,
            long layers,
            long heads,
            long maxPositions,
            String activation) {}

    public final long vocabSize;
    public final long hiddenSize;
    public final long intermediateSize;
    public final long numHiddenLayers;
    public final long numAttentionHeads;
    public final long numKeyValueHeads;
    public final long headDim;
    public final UnaryOperator<Tensor> hiddenAct;
    public final long maxPositionEmbeddings;
    public final double rmsNormEps = number("rms_norm_eps", 1e-6);
    public final double attentionDropout = number("attention_dropout", 0);
    public final boolean tieWordEmbeddings;
    public final RotaryParameters rotary;

    /** The token whose embedding gets no gradient, or null. */
    public final @Nullable Long padTokenId;

    /**
     * Creates a configuration.
     *
     * @param modelType the name of the architecture
     * @param values the values that differ from the defaults, by their names in {@code config.json}
     * @param defaults the defaults of the architecture
     * @param tied the default of {@code tie_word_embeddings}
     */
    protected DecoderConfig(
            String modelType, Map<String, ? extends @Nullable Object> values, Defaults defaults, boolean tied) {
        super(modelType, values);
        vocabSize = integer("vocab_size", defaults.vocabSize);
        hiddenSize = integer("hidden_size", defaults.hiddenSize);
        intermediateSize = integer("intermediate_size", defaults.intermediateSize);
        numHiddenLayers = integer("num_hidden_layers", defaults.layers);
        numAttentionHeads = integer("num_attention_heads", defaults.heads);
        numKeyValueHeads = integer("num_key_value_heads", standardKeyValueHeads());
        headDim = integer("head_dim", standardHeadDim());
        hiddenAct = activation("hidden_act", defaults.activation);
        maxPositionEmbeddings = integer("max_position_embeddings", defaults.maxPositions);
        tieWordEmbeddings = flag("tie_word_embeddings", tied);
        padTokenId = has("pad_token_id") ? Long.valueOf(integer("pad_token_id", 0)) : standardPadTokenId();
        if (numKeyValueHeads < 1 || numAttentionHeads % numKeyValueHeads != 0) {
            throw new ConfigException("the configuration has num_attention_heads = " + numAttentionHeads
                    + ", which must be a multiple of num_key_value_heads = " + numKeyValueHeads);
        }
        Map<String, @Nullable Object> rope = new LinkedHashMap<>(object("rope_parameters"));
        rope.putAll(object("rope_scaling"));
        rotary = new RotaryParameters(rope, number("rope_theta", 10_000), headDim, maxPositionEmbeddings);
    }

    // --- variants ----------------------------------------------------------------------------------------------

    /** Returns the default of {@code num_key_value_heads}: that of the queries. */
    protected long standardKeyValueHeads() {
        return numAttentionHeads;
    }

    /** Returns the default of {@code head_dim}: {@code hidden_size / num_attention_heads}. */
    protected long standardHeadDim() {
        return hiddenSize / numAttentionHeads;
    }

    /** Returns the default of {@code pad_token_id}: none. */
    protected @Nullable Long standardPadTokenId() {
        return null;
    }

    /** Returns whether the maps to queries, keys and values have a bias. The default is false. */
    protected boolean hasQkvBias() {
        return false;
    }

    /** Returns whether the map after the attention has a bias. The default is false. */
    protected boolean hasOutputBias() {
        return false;
    }

    /** Returns whether the gated maps have a bias. The default is false. */
    protected boolean hasMlpBias() {
        return false;
    }

    /** Returns whether queries and keys are normalized. The default is false. */
    protected boolean normalizesQueriesAndKeys() {
        return false;
    }

    /** Returns what is added to the weights of each normalization. The default is 0. */
    protected double normOffset() {
        return 0;
    }

    /** Returns the factor of the embeddings. The default is 1. */
    protected double embeddingScale() {
        return 1;
    }

    /** Returns the number of tokens at which a token of a layer looks, with itself; 0, the default, for all. */
    protected long window(int layer) {
        return 0;
    }

    /** Returns the {@link #window} of each layer. */
    final long[] windows() {
        return IntStream.range(0, Math.toIntExact(numHiddenLayers))
                .mapToLong(this::window)
                .toArray();
    }

    /**
     * Reads {@code layer_types}: whether each layer looks only at the tokens of a window.
     *
     * @param standard tells it by the index of the layer, if there are no types
     */
    protected final boolean[] slidingLayers(IntPredicate standard) {
        List<String> types = texts("layer_types");
        boolean[] sliding = new boolean[Math.toIntExact(numHiddenLayers)];
        for (int i = 0; i < sliding.length; i++) {
            String type = i < types.size() ? types.get(i) : standard.test(i) ? "sliding_attention" : "full_attention";
            if (!type.equals("sliding_attention") && !type.equals("full_attention")) {
                throw new ConfigException("layer " + i + " of the configuration is of type '" + type
                        + "', but must be sliding_attention or full_attention");
            }
            sliding[i] = type.equals("sliding_attention");
        }
        return sliding;
    }

    /**
     * Reads the window of each layer as Qwen has it: {@code sliding_window} tokens if {@code use_sliding_window} is true, in
     * the layers that {@code layer_types} names; by default in those from {@code max_window_layers} on.
     *
     * @return what {@link #window} returns for each layer: the number of tokens, or 0 for all
     */
    protected final long[] slidingWindows() {
        long size = flag("use_sliding_window", false) ? integer("sliding_window", 4096) : 0;
        long full = integer("max_window_layers", 28);
        ignore("sliding_window");
        boolean[] sliding = slidingLayers(layer -> size > 0 && layer >= full);
        long[] windows = new long[sliding.length];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = sliding[i] ? size : 0;
        }
        return windows;
    }
}
