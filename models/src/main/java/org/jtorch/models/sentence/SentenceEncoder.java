package org.jtorch.models.sentence;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.layers.EncoderOutput;
import org.jtorch.models.layers.TextEncoder;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleList;

/**
 * An encoder of texts, a pooling of the states of their tokens, and what follows it: tokens (N, S) to embeddings (N, dim).
 *
 * <pre>{@code
 * SentenceEncoder encoder = SentenceEncoder.fromPretrained(Path.of("all-MiniLM-L6-v2"));
 * Tensor embeddings = encoder.infer(new EncoderInput(ids, mask));
 * }</pre>
 */
public final class SentenceEncoder extends Module<EncoderInput, Tensor> {

    Module<EncoderInput, EncoderOutput> encoder;
    Pooling pooling;

    /** A linear map, and the normalization. */
    ModuleList<Module<Tensor, Tensor>> further;

    private final @Nullable Long maxSeqLength;

    /**
     * Creates an encoder of texts.
     *
     * @param encoder the encoder of the tokens
     * @param pooling makes the states of the tokens of each text one
     * @param further maps of the embeddings, in their order
     * @param maxSeqLength the greatest number of tokens of a text, or null if there is none
     */
    public SentenceEncoder(
            Module<EncoderInput, EncoderOutput> encoder,
            Pooling pooling,
            List<? extends Module<Tensor, Tensor>> further,
            @Nullable Long maxSeqLength) {
        this.encoder = encoder;
        this.pooling = pooling;
        this.further = new ModuleList<>(further);
        this.maxSeqLength = maxSeqLength;
    }

    /** Reads an encoder of texts with the default options, as {@link #fromPretrained(Path, Consumer)}. */
    public static SentenceEncoder fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /**
     * Reads an encoder of texts from a folder that {@code sentence-transformers} wrote: {@code modules.json} names its modules and their
     * folders.
     *
     * @param folder the folder
     * @param options sets the optional arguments for the modules with weights
     * @return the encoder, in eval mode
     * @throws ConfigException if a file cannot be read, or asks for something that is not computed
     * @throws org.jtorch.serialize.format.CheckpointException if weights are missing or damaged
     */
    public static SentenceEncoder fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return SentenceFiles.read(folder, options);
    }

    /**
     * Writes the encoder into a folder that {@code sentence-transformers} and {@link #fromPretrained} read: {@code modules.json}, the
     * encoder of the tokens, and folders for the other modules.
     *
     * @param folder the folder; it is made if it is not there
     * @throws IllegalStateException if a module is not one of {@link TextEncoder}, {@link Dense} and {@link Normalize}
     * @throws org.jtorch.serialize.format.CheckpointException if a file cannot be written
     */
    public void savePretrained(Path folder) {
        SentenceFiles.write(this, folder);
    }

    /** Returns the greatest number of tokens of a text, with those that the tokenizer adds; null if there is none. */
    public @Nullable Long maxSeqLength() {
        return maxSeqLength;
    }

    /** Computes the embeddings of texts with padding: both (N, S), the mask with 1 for tokens and 0 for padding. */
    public Tensor call(Tensor inputIds, @Nullable Tensor attentionMask) {
        return call(new EncoderInput(inputIds, attentionMask));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the texts are longer than {@link #maxSeqLength()}
     */
    @Override
    protected Tensor forward(EncoderInput input) {
        long tokens = input.inputIds().size(1);
        if (maxSeqLength != null && tokens > maxSeqLength) {
            throw new IllegalArgumentException("the texts have " + tokens + " tokens, but this encoder takes at most "
                    + maxSeqLength + ": let the tokenizer cut them to that number");
        }
        Tensor states = encoder.call(input).lastHiddenState();
        Tensor embeddings = pooling.call(new Pooling.Input(states, input.attentionMask()));
        for (Module<Tensor, Tensor> each : further) {
            embeddings = each.call(embeddings);
        }
        return embeddings;
    }
}
