package org.jtorch.models.mpnet;

import java.nio.file.Path;
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
 * MPNet without a head: tokens (N, S) to states (N, S, hidden_size), and a state of each text, (N, hidden_size). It knows no types of
 * tokens.
 *
 * @see <a href="https://arxiv.org/abs/2004.09297">MPNet: Masked and Permuted Pre-training for Language Understanding</a>
 */
public final class MPNetModel extends TextEncoder<MPNetConfig> {

    MPNetEmbeddings embeddings;
    MPNetEncoder encoder;

    @Nullable
    Pooler pooler;

    /** Creates a model with a pooler and new weights. */
    public MPNetModel(MPNetConfig config) {
        this(config, true);
    }

    /** Creates a model with new weights, with a pooler or without. */
    public MPNetModel(MPNetConfig config, boolean addPoolingLayer) {
        super(config);
        embeddings = new MPNetEmbeddings(config);
        encoder = new MPNetEncoder(config);
        pooler = addPoolingLayer ? new Pooler(config.hiddenSize) : null;
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetModel fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static MPNetModel fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, MPNetConfig::new, MPNetModel::new, options);
    }

    @Override
    protected EncoderOutput forward(EncoderInput input) {
        input.refuseTokenTypes("MPNet");
        Tensor mask = AttentionMasks.bidirectional(input.attentionMask());
        Tensor states = encoder.call(new MPNetEncoder.Input(embeddings.call(input), mask));
        return new EncoderOutput(states, pooler == null ? null : pooler.call(states));
    }
}
