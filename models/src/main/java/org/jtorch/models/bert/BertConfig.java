package org.jtorch.models.bert;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of BERT, by default that of {@code bert-base-uncased}, and of models with BERT's layers. */
public class BertConfig extends ModelConfig {

    public final long vocabSize;
    public final long hiddenSize = integer("hidden_size", 768);
    public final long numHiddenLayers = integer("num_hidden_layers", 12);
    public final long numAttentionHeads = integer("num_attention_heads", 12);
    public final long intermediateSize = integer("intermediate_size", 3072);
    public final UnaryOperator<Tensor> hiddenAct = activation("hidden_act", "gelu");
    public final double hiddenDropoutProb = number("hidden_dropout_prob", 0.1);
    public final double attentionProbsDropoutProb = number("attention_probs_dropout_prob", 0.1);
    public final long maxPositionEmbeddings = integer("max_position_embeddings", 512);
    public final long typeVocabSize = integer("type_vocab_size", 2);
    public final double layerNormEps = number("layer_norm_eps", 1e-12);
    public final double classifierDropout = number("classifier_dropout", hiddenDropoutProb);
    public final boolean tieWordEmbeddings = flag("tie_word_embeddings", true);
    public final long padTokenId;

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public BertConfig(Map<String, ? extends @Nullable Object> values) {
        this("bert", values, 30522, 0);
    }

    /**
     * Creates the configuration of a model with BERT's layers.
     *
     * @param modelType the name of the architecture
     * @param values the values that differ from the defaults, by their names in {@code config.json}
     * @param vocabSize the default of {@code vocab_size}
     * @param padTokenId the default of {@code pad_token_id}
     * @param furtherKeys keys that only the subclass reads
     */
    protected BertConfig(
            String modelType,
            Map<String, ? extends @Nullable Object> values,
            long vocabSize,
            long padTokenId,
            String... furtherKeys) {
        super(modelType, values);
        this.vocabSize = integer("vocab_size", vocabSize);
        this.padTokenId = integer("pad_token_id", padTokenId);
        only("is_decoder", false);
        only("add_cross_attention", false);
        only("position_embedding_type", "absolute");
        ignore(
                "pooler_fc_size",
                "pooler_num_attention_heads",
                "pooler_num_fc_layers",
                "pooler_size_per_head",
                "pooler_type");
        ignore("directionality", "model_max_length", "summary_type", "output_past");
        ignore(furtherKeys);
        refuseUnknown();
    }
}
