package org.jtorch.models.gpt2;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of GPT-2, by default that of {@code gpt2}, the small model. */
public final class GPT2Config extends ModelConfig {

    public final long vocabSize = integer("vocab_size", 50_257);
    public final long nPositions = integer("n_positions", 1024);
    public final long nEmbd = integer("n_embd", 768);
    public final long nLayer = integer("n_layer", 12);
    public final long nHead = integer("n_head", 12);
    public final long nInner = integer("n_inner", 4 * nEmbd);
    public final UnaryOperator<Tensor> activationFunction = activation("activation_function", "gelu_new");
    public final double residPdrop = number("resid_pdrop", 0.1);
    public final double embdPdrop = number("embd_pdrop", 0.1);
    public final double attnPdrop = number("attn_pdrop", 0.1);
    public final double layerNormEpsilon = number("layer_norm_epsilon", 1e-5);
    public final boolean scaleAttnWeights = flag("scale_attn_weights", true);
    public final boolean scaleAttnByInverseLayerIdx = flag("scale_attn_by_inverse_layer_idx", false);
    public final boolean tieWordEmbeddings = flag("tie_word_embeddings", true);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public GPT2Config(Map<String, ? extends @Nullable Object> values) {
        super("gpt2", values);
        only("add_cross_attention", false);
        only("reorder_and_upcast_attn", false);
        ignore(
                "n_ctx",
                "summary_type",
                "summary_use_proj",
                "summary_activation",
                "summary_proj_to_labels",
                "summary_first_dropout");
        refuseUnknown();
    }
}
