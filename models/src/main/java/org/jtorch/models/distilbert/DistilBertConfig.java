package org.jtorch.models.distilbert;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;

/**
 * The configuration of DistilBERT, by default that of {@code distilbert-base-uncased}. {@code sinusoidal_pos_embds} says only how new
 * embeddings of positions are drawn, and is not used: new ones are drawn like all embeddings.
 */
public final class DistilBertConfig extends ModelConfig {

    /** What layer normalization adds to the variance; the file has no key for it. */
    static final double NORM_EPS = 1e-12;

    public final long vocabSize = integer("vocab_size", 30522);
    public final long maxPositionEmbeddings = integer("max_position_embeddings", 512);
    public final long nLayers = integer("n_layers", 6);
    public final long nHeads = integer("n_heads", 12);
    public final long dim = integer("dim", 768);
    public final long hiddenDim = integer("hidden_dim", 3072);
    public final double dropout = number("dropout", 0.1);
    public final double attentionDropout = number("attention_dropout", 0.1);
    public final UnaryOperator<Tensor> activation = activation("activation", "gelu");
    public final double qaDropout = number("qa_dropout", 0.1);
    public final double seqClassifDropout = number("seq_classif_dropout", 0.2);
    public final boolean tieWordEmbeddings = flag("tie_word_embeddings", true);
    public final long padTokenId = integer("pad_token_id", 0);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public DistilBertConfig(Map<String, ? extends @Nullable Object> values) {
        super("distilbert", values);
        ignore("sinusoidal_pos_embds", "tie_weights_", "output_past", "model_max_length");
        refuseUnknown();
    }
}
