package org.jtorch.models.generation;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.models.decoder.CausalModel;

/**
 * Generates the tokens that follow prompts: the likeliest ones, drawn ones, or those of a beam search. The model must be in eval mode.
 *
 * <pre>{@code
 * Tensor ids = Generation.generate(model, prompt, o -> o.maxNewTokens(50).eosTokenIds(2));
 * }</pre>
 *
 * @see <a href="https://huggingface.co/docs/transformers/main_classes/text_generation">transformers' generate</a>
 */
public final class Generation {

    private Generation() {}

    /** Generates after prompts of one length; see {@link #generate(CausalModel, Tensor, Tensor, Consumer)}. */
    public static Tensor generate(CausalModel<?> model, Tensor inputIds, Consumer<? super GenerationOptions> options) {
        return generate(model, inputIds, null, options);
    }

    /**
     * Generates after prompts.
     *
     * @param model the model, in eval mode
     * @param inputIds the prompts, (N, S), int64; shorter ones are padded on the left
     * @param attentionMask 1 for tokens and 0 for padding, (N, S), int64; null if there is no padding
     * @param options sets the optional arguments
     * @return the prompts and what follows, (N, S + new tokens), int64; a text that ended is padded on the right
     * @throws IllegalArgumentException if the prompts are empty or padded on the right, or if the options do not fit each other
     * @throws IllegalStateException if the model is in training mode
     */
    public static Tensor generate(
            CausalModel<?> model,
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
     * @param inputIds the prompts, (N, S), int64; shorter ones are padded on the left
     * @param attentionMask 1 for tokens and 0 for padding, (N, S), int64; null if there is no padding
     * @param options sets the optional arguments
     * @return the tokens, which hold a cache until they are closed
     * @throws IllegalArgumentException if the prompts are empty or padded on the right, or if the options do not fit each other
     * @throws IllegalStateException if the model is in training mode
     */
    public static GeneratedTokens iterate(
            CausalModel<?> model,
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

    private static @Nullable Tensor padding(@Nullable Tensor attentionMask) {
        return attentionMask == null || attentionMask.to(DType.BOOL).all().item() != 0
                ? null
                : attentionMask.to(DType.INT64);
    }

    private static void check(
            CausalModel<?> model, Tensor inputIds, @Nullable Tensor attentionMask, GenerationOptions options) {
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
        options.resolve(inputIds.size(1));
        if (attentionMask != null) {
            if (!Arrays.equals(attentionMask.shape(), inputIds.shape())) {
                throw new IllegalArgumentException("the attention mask is of shape "
                        + Arrays.toString(attentionMask.shape()) + ", but the prompts are of shape "
                        + Arrays.toString(inputIds.shape()));
            }
            if (attentionMask.select(1, -1).to(DType.BOOL).all().item() == 0) {
                throw new IllegalArgumentException(
                        "a prompt ends with padding, so that what follows would follow the padding: pad on the left");
            }
        }
    }
}
