package org.jtorch.models.t5;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.TextEncoder;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.sparse.Embedding;

/** The encoder of T5: tokens (N, S) to states (N, S, d_model). It has no pooler, and knows neither types nor absolute positions. */
public final class T5EncoderModel extends TextEncoder<T5Config> {

    Embedding shared;
    T5Stack encoder;

    /** Creates a model with new weights. */
    public T5EncoderModel(T5Config config) {
        super(config);
        shared = new Embedding(config.vocabSize, config.dModel);
        encoder = new T5Stack(config, false, shared.weight);
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static T5EncoderModel fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static T5EncoderModel fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, T5Config::new, T5EncoderModel::new, options);
    }

    @Override
    protected EncoderOutput forward(EncoderInput input) {
        input.refuseTokenTypes("T5");
        input.refusePositions("T5");
        return new EncoderOutput(
                encoder.call(new T5Stack.Input(input.inputIds(), input.attentionMask(), null, null, null)), null);
    }
}
