package org.jtorch.models.generation;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.models.decoder.GenerationState;
import org.jtorch.models.decoder.GenerativeModel;
import org.jtorch.models.decoder.KeyValueCache;

/**
 * Generates tokens: the likeliest ones, drawn ones, or those of a beam search. A decoder continues the prompts. Of an encoder and a
 * decoder, the encoder reads the prompts once, and the decoder writes the answers. The model must be in eval mode.
 *
 * <pre>{@code
 * Tensor ids = Generation.generate(model, prompt, o -> o.maxNewTokens(50).eosTokenIds(2));
 * }</pre>
 *
 * @see <a href="https://huggingface.co/docs/transformers/main_classes/text_generation">transformers' generate</a>
 */
public final class Generation {

    /** The greatest number of tokens for which memory is taken at the beginning: a folder may ask for many, which are rarely made. */
    private static final long MOST_AT_ONCE = 4096;

    private Generation() {}

    /** Generates after prompts of one length; see {@link #generate(GenerativeModel, Tensor, Tensor, Consumer)}. */
    public static Tensor generate(
            GenerativeModel<?, ?, ?> model, Tensor inputIds, Consumer<? super GenerationOptions> options) {
        return generate(model, inputIds, null, options);
    }

    /**
     * Generates after prompts.
     *
     * @param model the model, in eval mode
     * @param inputIds the prompts, (N, S), int64; shorter ones are padded on the left for a decoder, and on the right for an encoder
     * @param attentionMask 1 for tokens and 0 for padding, (N, S), int64; null if there is no padding
     * @param options sets the optional arguments
     * @return what {@code generate} of {@code transformers} returns, int64. Of a decoder, the prompts and what follows, (N, S + new
     *     tokens). Of an encoder and a decoder, only what the decoder begins with and writes: the start token and the new tokens, (N, 1
     *     + new tokens). A text that ended is padded on the right
     * @throws IllegalArgumentException if the prompts are empty, or padded on the right for a decoder, or if the options do not fit each
     *     other
     * @throws IllegalStateException if the model is in training mode
     */
    public static Tensor generate(
            GenerativeModel<?, ?, ?> model,
            Tensor inputIds,
            @Nullable Tensor attentionMask,
            Consumer<? super GenerationOptions> options) {
        GenerationOptions chosen = GenerationOptions.of(options);
        check(model, inputIds, attentionMask, chosen);
        try (GradMode mode = Autograd.inferenceMode()) {
            Tensor result;
            try (TensorScope scope = new TensorScope()) {
                Tensor mask = padding(attentionMask);
                if (chosen.numBeams > 1) {
                    result = new BeamSearch(model, inputIds, mask, chosen).run().unscoped();
                } else {
                    try (GeneratedTokens tokens = new GeneratedTokens(model, inputIds, mask, chosen)) {
                        tokens.forEachRemaining(step -> {});
                        result = tokens.all().clone().unscoped();
                    }
                }
            }
            return Torch.cat(List.of(result), 0);
        }
    }

    /**
     * Generates after prompts as the tokens are asked for. Beam search is not possible, since it knows its tokens only at the end.
     *
     * <pre>{@code
     * try (GeneratedTokens tokens = Generation.iterate(model, prompt, null, o -> o.maxNewTokens(50))) {
     *     tokens.forEachRemaining(step -> System.out.println(step[0]));
     * }
     * }</pre>
     *
     * @param model the model, in eval mode
     * @param inputIds the prompts, (N, S), int64; shorter ones are padded on the left for a decoder, and on the right for an encoder
     * @param attentionMask 1 for tokens and 0 for padding, (N, S), int64; null if there is no padding
     * @param options sets the optional arguments
     * @return the new tokens, which hold a cache until they are closed
     * @throws IllegalArgumentException if the prompts are empty, or padded on the right for a decoder, or if the options do not fit each
     *     other
     * @throws IllegalStateException if the model is in training mode
     */
    public static GeneratedTokens iterate(
            GenerativeModel<?, ?, ?> model,
            Tensor inputIds,
            @Nullable Tensor attentionMask,
            Consumer<? super GenerationOptions> options) {
        GenerationOptions chosen = GenerationOptions.of(options);
        check(model, inputIds, attentionMask, chosen);
        if (chosen.numBeams > 1) {
            throw new IllegalArgumentException("numBeams is " + chosen.numBeams
                    + ", but a beam search knows its tokens only at the end: use generate, or numBeams(1)");
        }
        return new GeneratedTokens(model, inputIds, padding(attentionMask), chosen);
    }

    /** Returns the tokens with which the texts begin, (N, T), int64: the prompts, or the token with which a decoder starts. */
    static Tensor beginning(GenerativeModel<?, ?, ?> model, Tensor inputIds, GenerationOptions options) {
        OptionalLong start = model.decoderStartTokenId();
        if (start.isEmpty()) {
            return inputIds.to(DType.INT64);
        }
        long token = options.decoderStartTokenId != null ? options.decoderStartTokenId : start.getAsLong();
        return Torch.full(
                new long[] {inputIds.size(0), 1},
                token,
                TensorOptions.of(DType.INT64).device(inputIds.device()));
    }

    /** Returns a new state of the texts, in which they have no token. */
    static GenerationState newState(
            GenerativeModel<?, ?, ?> model, Tensor inputIds, @Nullable Tensor mask, GenerationOptions options) {
        long most = beginningLength(model, inputIds) + options.maxNewTokens;
        return model.newState(
                inputIds.to(DType.INT64),
                mask,
                options.numBeams,
                most <= MOST_AT_ONCE ? most : KeyValueCache.UNLIMITED);
    }

    private static long beginningLength(GenerativeModel<?, ?, ?> model, Tensor inputIds) {
        return model.isEncoderDecoder() ? 1 : inputIds.size(1);
    }

    private static @Nullable Tensor padding(@Nullable Tensor attentionMask) {
        return attentionMask == null || attentionMask.to(DType.BOOL).all().item() != 0
                ? null
                : attentionMask.to(DType.INT64);
    }

    private static void check(
            GenerativeModel<?, ?, ?> model,
            Tensor inputIds,
            @Nullable Tensor attentionMask,
            GenerationOptions options) {
        if (!options.stopStrings.isEmpty()) {
            throw new IllegalArgumentException("stopStrings is " + options.stopStrings
                    + ", but tokens alone have no text: use TextGenerator of jtorch-text, or stopWhen");
        }
        if (model.isTraining()) {
            throw new IllegalStateException("the model is in training mode: call eval() before it generates");
        }
        if (inputIds.dim() != 2 || inputIds.size(0) == 0 || inputIds.size(1) == 0) {
            throw new IllegalArgumentException("the prompts are of shape " + Arrays.toString(inputIds.shape())
                    + ", but must be of shape (texts, tokens), each at least 1");
        }
        if (inputIds.dtype().isFloatingPoint()) {
            throw new IllegalArgumentException(
                    "the prompts are of dtype " + inputIds.dtype() + ", but the numbers of tokens are of int64");
        }
        options.resolve(beginningLength(model, inputIds));
        if (attentionMask != null) {
            checkPadding(model, inputIds, attentionMask);
        }
    }

    private static void checkPadding(GenerativeModel<?, ?, ?> model, Tensor inputIds, Tensor attentionMask) {
        if (!Arrays.equals(attentionMask.shape(), inputIds.shape())) {
            throw new IllegalArgumentException(
                    "the attention mask is of shape " + Arrays.toString(attentionMask.shape())
                            + ", but the prompts are of shape " + Arrays.toString(inputIds.shape()));
        }
        Tensor isToken = attentionMask.to(DType.BOOL);
        if (model.isEncoderDecoder()) {
            if (isToken.any(1).all().item() == 0) {
                throw new IllegalArgumentException("a prompt is only padding, so that there is nothing to read");
            }
        } else if (isToken.select(1, -1).all().item() == 0) {
            throw new IllegalArgumentException(
                    "a prompt ends with padding, so that what follows would follow the padding: pad on the left");
        }
    }
}
