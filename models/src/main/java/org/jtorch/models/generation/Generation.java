package org.jtorch.models.generation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
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
        GenerationOptions chosen = new GenerationOptions();
        options.accept(chosen);
        check(model, inputIds, attentionMask);
        try (GradMode mode = Autograd.inferenceMode()) {
            Tensor result;
            try (TensorScope scope = new TensorScope()) {
                Tensor mask = attentionMask == null
                                || attentionMask.to(DType.BOOL).all().item() != 0
                        ? null
                        : attentionMask.to(DType.INT64);
                result = (chosen.numBeams > 1
                                ? new BeamSearch(model, inputIds, mask, chosen).run()
                                : sample(model, inputIds, mask, chosen))
                        .unscoped();
            }
            return Torch.cat(List.of(result), 0);
        }
    }

    private static void check(CausalModel<?> model, Tensor inputIds, @Nullable Tensor attentionMask) {
        if (model.isTraining()) {
            throw new IllegalStateException("the model is in training mode: call eval() before it generates");
        }
        if (inputIds.dim() != 2 || inputIds.size(0) == 0 || inputIds.size(1) == 0) {
            throw new IllegalArgumentException("the prompts are of shape " + Arrays.toString(inputIds.shape())
                    + ", but must be of shape (texts, tokens), each at least 1");
        }
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

    private static Tensor sample(
            CausalModel<?> model, Tensor inputIds, @Nullable Tensor mask, GenerationOptions options) {
        int texts = Math.toIntExact(inputIds.size(0));
        long prompt = inputIds.size(1);
        List<LogitsFilter> filters = options.allFilters(prompt);
        boolean[] ended = new boolean[texts];
        List<List<Long>> made = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            made.add(new ArrayList<>());
        }
        TensorOptions ids = TensorOptions.of(DType.INT64).device(inputIds.device());
        Tensor all = inputIds.to(DType.INT64);
        Tensor next = all;
        try (Steps steps = new Steps(model, mask, prompt + options.maxNewTokens)) {
            for (long step = 0; step < options.maxNewTokens; step++) {
                long[] tokens;
                try (TensorScope scope = new TensorScope()) {
                    tokens = choose(LogitsFilters.applyAll(filters, all, steps.add(next)), options);
                }
                for (int i = 0; i < texts; i++) {
                    if (ended[i]) {
                        tokens[i] = options.pad();
                    } else {
                        made.get(i).add(tokens[i]);
                        ended[i] = options.ends(tokens[i]) || isStopped(made.get(i), options);
                    }
                }
                next = Torch.tensor(tokens, ids).unsqueeze(1);
                all = Torch.cat(List.of(all, next), 1);
                options.listeners.forEach(listener -> listener.accept(LogitsFilters.copy(tokens)));
                if (areAll(ended)) {
                    break;
                }
            }
        }
        return all;
    }

    private static long[] choose(Tensor scores, GenerationOptions options) {
        Tensor chosen = !options.doSample
                ? scores.argmax(-1L, false)
                : options.generator == null
                        ? scores.softmax(-1).multinomial(1).squeeze(1)
                        : scores.softmax(-1)
                                .multinomial(1, false, options.generator)
                                .squeeze(1);
        return chosen.toLongArray();
    }

    private static boolean isStopped(List<Long> tokens, GenerationOptions options) {
        if (options.stops.isEmpty()) {
            return false;
        }
        long[] array = tokens.stream().mapToLong(Long::longValue).toArray();
        return options.stops.stream().anyMatch(stop -> stop.test(array));
    }

    private static boolean areAll(boolean[] ended) {
        for (boolean each : ended) {
            if (!each) {
                return false;
            }
        }
        return true;
    }
}
