package org.jtorch.models.bert;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.AttentionMasks;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.Pooler;
import org.jtorch.models.layers.TextEncoder;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;

/**
 * BERT without a head: tokens (N, S) to states (N, S, hidden_size), and a state of each text, (N, hidden_size).
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">BERT: Pre-training of Deep Bidirectional Transformers</a>
 */
public final class BertModel extends TextEncoder<BertConfig> {

    BertEmbeddings embeddings;
    BertEncoder encoder;

    @Nullable
    Pooler pooler;

    /** Creates a model with a pooler and new weights. */
    public BertModel(BertConfig config) {
        this(config, true);
    }

    /** Creates a model with new weights, with a pooler or without. */
    public BertModel(BertConfig config, boolean addPoolingLayer) {
        super(config);
        embeddings = new BertEmbeddings(config);
        encoder = new BertEncoder(config);
        pooler = addPoolingLayer ? new Pooler(config.hiddenSize) : null;
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertModel fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static BertModel fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, BertConfig::new, BertModel::new, options);
    }

    @Override
    protected EncoderOutput forward(EncoderInput input) {
        Tensor mask = AttentionMasks.bidirectional(input.attentionMask());
        Tensor states = encoder.call(new BertEncoder.Input(embeddings.call(input), mask));
        return new EncoderOutput(states, pooler == null ? null : pooler.call(states));
    }

    /** Returns the state of each text, of a model with a pooler. */
    Tensor pooled(EncoderInput input) {
        return Objects.requireNonNull(call(input).poolerOutput());
    }
}
