package org.jtorch.models.decoder;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * Which tokens a token may look at: those before it and itself, perhaps only the last ones, and no padding.
 *
 * @param allowed true where it may, (N or 1, 1, S, keys), bool; null if {@code causal} says it all
 * @param causal whether a token looks at the tokens before it, of which none are in a cache
 */
public record CausalMask(@Nullable Tensor allowed, boolean causal) {

    /**
     * Returns the mask of a step for the keys of all tokens.
     *
     * @param input the tokens
     * @param window the number of tokens at which a token looks, with itself; 0 for all
     */
    public static CausalMask of(DecoderInput input, long window) {
        return of(input, window, past(input));
    }

    /**
     * Returns the mask of a step.
     *
     * @param input the tokens
     * @param window the number of tokens at which a token looks, with itself; 0 for all
     * @param kept the number of tokens before these whose keys are there, {@link KeyValueCache#kept}: the last ones
     */
    public static CausalMask of(DecoderInput input, long window, long kept) {
        long queries = input.inputIds().size(1);
        long past = past(input);
        long keys = kept + queries;
        boolean all = window == 0 || keys <= window;
        Tensor padding = input.attentionMask();
        if (padding == null && all && (kept == 0 || queries == 1)) {
            return new CausalMask(null, kept == 0 && queries > 1);
        }
        TensorOptions options =
                TensorOptions.of(DType.INT64).device(input.inputIds().device());
        Tensor allowed = null;
        if (queries > 1 || !all) {
            Tensor key = Torch.arange(0, keys, 1, options).unsqueeze(0);
            Tensor query = Torch.arange(kept, keys, 1, options).unsqueeze(1);
            allowed = key.le(query);
            if (!all) {
                allowed = allowed.logicalAnd(key.gt(query.sub(window)));
            }
            allowed = allowed.unsqueeze(0).unsqueeze(0);
        }
        if (padding != null) {
            if (padding.size(1) != past + queries) {
                throw new IllegalArgumentException("the attention mask is for " + padding.size(1)
                        + " tokens, but there are " + (past + queries) + ", of which " + past + " are in the cache");
            }
            Tensor tokens = padding.narrow(1, past - kept, keys)
                    .to(DType.BOOL)
                    .unsqueeze(1)
                    .unsqueeze(1);
            allowed = allowed == null ? tokens : allowed.logicalAnd(tokens);
        }
        return new CausalMask(allowed, false);
    }

    private static long past(DecoderInput input) {
        return input.cache() == null ? 0 : input.cache().length();
    }
}
