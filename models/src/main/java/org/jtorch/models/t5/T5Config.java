package org.jtorch.models.t5;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of T5, by default that of {@code t5-small}. */
public final class T5Config extends ModelConfig {

    public final long vocabSize = integer("vocab_size", 32128);
    public final long dModel = integer("d_model", 512);
    public final long dKv = integer("d_kv", 64);
    public final long dFf = integer("d_ff", 2048);
    public final long numLayers = integer("num_layers", 6);
    public final long numDecoderLayers = integer("num_decoder_layers", numLayers);
    public final long numHeads = integer("num_heads", 8);
    public final long relativeAttentionNumBuckets = integer("relative_attention_num_buckets", 32);
    public final long relativeAttentionMaxDistance = integer("relative_attention_max_distance", 128);
    public final double dropoutRate = number("dropout_rate", 0.1);
    public final double layerNormEpsilon = number("layer_norm_epsilon", 1e-6);
    public final long padTokenId = integer("pad_token_id", 0);
    public final long decoderStartTokenId = integer("decoder_start_token_id", padTokenId);

    /** Whether the maps of each token are gated. */
    public final boolean gated;

    /** The activation of the maps of each token. */
    public final UnaryOperator<Tensor> activation;

    /** Whether the states are scaled before they are scored, as they are where the scores share the weights of the embeddings. */
    public final boolean scaleDecoderOutputs;

    /** Whether the scores share the weights of the embeddings. */
    public final boolean tieWordEmbeddings;

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public T5Config(Map<String, ? extends @Nullable Object> values) {
        super("t5", values);
        String projection = text("feed_forward_proj", "relu");
        gated = projection.startsWith("gated-");
        String name = gated ? projection.substring("gated-".length()) : projection;
        activation = activationNamed("feed_forward_proj", projection.equals("gated-gelu") ? "gelu_new" : name);
        // newer files always say that weights are tied, and say by the scale whether they are
        scaleDecoderOutputs = flag("scale_decoder_outputs", flag("tie_word_embeddings", true));
        tieWordEmbeddings = flag("tie_word_embeddings", true) && scaleDecoderOutputs;
        if (relativeAttentionNumBuckets < 4 || relativeAttentionMaxDistance <= relativeAttentionNumBuckets / 2) {
            throw new ConfigException(
                    "the configuration has relative_attention_num_buckets = " + relativeAttentionNumBuckets
                            + " and relative_attention_max_distance = " + relativeAttentionMaxDistance
                            + ", but there must be at least 4 buckets, and the distance must be greater than half of them");
        }
        only("is_decoder", false);
        ignore("is_encoder_decoder", "dense_act_fn", "is_gated_act", "initializer_factor", "classifier_dropout");
        ignore("n_positions", "output_past");
        refuseUnknown();
    }
}
