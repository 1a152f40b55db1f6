package org.jtorch.models.roberta;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.bert.BertEncoder;
import org.jtorch.models.layers.AttentionMasks;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.Pooler;
import org.jtorch.models.layers.TextEncoder;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * RoBERTa without a head: tokens (N, S) to states (N, S, hidden_size), and a state of each text, (N, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/1907.11692">RoBERTa: A Robustly Optimized BERT Pretraining Approach</a>
 */
public final class RobertaModel extends TextEncoder<RobertaConfig> {

    RobertaEmbeddings embeddings;
    BertEncoder encoder;

    @Nullable
    Pooler pooler;

    /** Creates a model with a pooler and new weights. */
    public RobertaModel(RobertaConfig config) {
        this(config, true);
    }

    /** Creates a model with new weights, with a pooler or without. */
    public RobertaModel(RobertaConfig config, boolean addPoolingLayer) {
        super(config);
        embeddings = new RobertaEmbeddings(config);
        encoder = new BertEncoder(config);
        pooler = addPoolingLayer ? new Pooler(config.hiddenSize) : null;
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaModel fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static RobertaModel fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, RobertaConfig::new, RobertaModel::new, options);
    }

    @Override
    protected EncoderOutput forward(EncoderInput input) {
        Tensor mask = AttentionMasks.bidirectional(input.attentionMask());
        Tensor states = encoder.call(new BertEncoder.Input(embeddings.call(input), mask));
        return new EncoderOutput(states, pooler == null ? null : pooler.call(states));
    }

    @Override
    protected String architecture() {
        return config().architecture(getClass());
    }
}
