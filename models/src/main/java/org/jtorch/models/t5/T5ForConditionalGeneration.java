package org.jtorch.models.t5;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.decoder.GenerationState;
import org.jtorch.models.decoder.GenerativeModel;
import org.jtorch.models.decoder.KeyValueCache;
import org.jtorch.models.pretrained.PretrainedFiles;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.sparse.Embedding;

/**
 * T5 with scores of the next token: the tokens of a text to read (N, S) and of a text to write (N, T) to scores (N, T, vocab_size).
 *
 * <pre>{@code
 * Tensor answer = Generation.generate(model, ids, mask, o -> o.maxNewTokens(100).eosTokenIds(1));
 * }</pre>
 *
 * <p>A step by itself, with the states of the text to read computed once:
 *
 * <pre>{@code
 * try (T5Cache cache = model.newCache(100)) {
 *     Tensor encoded = model.encode(ids, mask);
 *     Tensor scores = model.call(T5Input.step(encoded, mask, start, cache)).logits();
 * }
 * }</pre>
 */
public final class T5ForConditionalGeneration extends GenerativeModel<T5Config, T5Input, T5Output> {

    Embedding shared;
    T5Stack encoder;
    T5Stack decoder;
    Linear lmHead;

    /** Creates a model with new weights. */
    public T5ForConditionalGeneration(T5Config config) {
        super(config);
        shared = new Embedding(config.vocabSize, config.dModel);
        encoder = new T5Stack(config, false, shared.weight);
        decoder = new T5Stack(config, true, shared.weight);
        lmHead = new Linear(config.dModel, config.vocabSize, o -> o.bias(false));
        if (config.tieWordEmbeddings) {
            lmHead.weight = shared.weight;
        }
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static T5ForConditionalGeneration fromPretrained(Path folder) {
        return fromPretrained(folder, o -> {});
    }

    /** Reads a model from a folder; see {@link PretrainedFiles#load}. */
    public static T5ForConditionalGeneration fromPretrained(Path folder, Consumer<? super PretrainedOptions> options) {
        return PretrainedFiles.load(folder, T5Config::new, T5ForConditionalGeneration::new, options);
    }

    /** Computes the scores of whole texts: the tokens to read, (N, S), their mask, and the tokens to write, (N, T). */
    public T5Output call(Tensor inputIds, @Nullable Tensor attentionMask, Tensor decoderInputIds) {
        return call(new T5Input(inputIds, attentionMask, decoderInputIds));
    }

    /** Computes the states of the text to read: both (N, S), the mask with 1 for tokens and 0 for padding. */
    public Tensor encode(Tensor inputIds, @Nullable Tensor attentionMask) {
        return encoder.call(new T5Stack.Input(inputIds, attentionMask, null, null, null));
    }

    /** Returns an empty cache whose memory grows with the number of tokens to write. */
    public T5Cache newCache() {
        return newCache(KeyValueCache.UNLIMITED);
    }

    /** Returns an empty cache for a number of tokens to write. */
    public T5Cache newCache(long capacity) {
        return new T5Cache(config().numDecoderLayers, capacity);
    }

    @Override
    public OptionalLong decoderStartTokenId() {
        return OptionalLong.of(config().decoderStartTokenId);
    }

    @Override
    public GenerationState newState(Tensor inputIds, @Nullable Tensor attentionMask, long numBeams, long capacity) {
        Tensor encoded = encode(inputIds, attentionMask).detach().repeatInterleave(numBeams, 0L);
        Tensor mask = attentionMask == null ? null : attentionMask.repeatInterleave(numBeams, 0L);
        return new T5State(this, encoded, mask, newCache(capacity));
    }

    /**
     * Returns what the decoder is given to learn a text: the start token, and the tokens but for the last one.
     *
     * @param labels the tokens of the text, (N, T), int64, with -100 where no token is learned
     * @return (N, T), int64
     */
    public Tensor shiftRight(Tensor labels) {
        Tensor start = Torch.fullLike(labels.narrow(1, 0, 1), config().decoderStartTokenId);
        Tensor shifted = Torch.cat(List.of(start, labels.narrow(1, 0, labels.size(1) - 1)), 1);
        return shifted.maskedFill(shifted.eq(-100), config().padTokenId);
    }

    @Override
    protected T5Output forward(T5Input input) {
        Tensor encoded = input.encoded() != null
                ? input.encoded()
                : encode(Objects.requireNonNull(input.inputIds()), input.attentionMask());
        Tensor states = decoder.call(new T5Stack.Input(
                input.decoderInputIds(), input.decoderAttentionMask(), encoded, input.attentionMask(), input.cache()));
        if (config().scaleDecoderOutputs) {
            states = states.mul(1 / Math.sqrt(config().dModel));
        }
        return new T5Output(lmHead.call(states), encoded);
    }

    @Override
    protected boolean mayRemain(String key) { // a weight of the first checkpoints that was never used
        return key.equals("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight");
    }
}
