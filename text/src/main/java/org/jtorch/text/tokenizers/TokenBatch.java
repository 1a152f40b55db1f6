package org.jtorch.text.tokenizers;

import java.util.Arrays;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * Texts of one batch as a model takes them: all (N, S), int64.
 *
 * @param inputIds the numbers of the tokens
 * @param attentionMask 1 for tokens and 0 for padding
 * @param tokenTypeIds the number of the text of each token
 */
public record TokenBatch(Tensor inputIds, Tensor attentionMask, Tensor tokenTypeIds) {

    /** Pads texts to the longest one, as the tokenizer's configuration says. */
    public static TokenBatch of(List<Tokens> texts, TokenizerConfig config, Device device) {
        return of(texts, config.padTokenIdOrZero(), config.paddingSide(), device);
    }

    /**
     * Pads texts to the longest one.
     *
     * @param texts at least one text with at least one token
     * @param padTokenId the number of the token that pads
     * @param side the side that is padded
     * @param device the device of the tensors
     * @return the batch
     */
    public static TokenBatch of(List<Tokens> texts, long padTokenId, PaddingSide side, Device device) {
        int longest = texts.stream().mapToInt(Tokens::size).max().orElse(0);
        if (longest == 0) {
            throw new IllegalArgumentException(
                    "a batch needs a text with a token, but there are " + texts.size() + " texts and none has one");
        }
        long[] ids = new long[texts.size() * longest];
        long[] mask = new long[ids.length];
        long[] types = new long[ids.length];
        Arrays.fill(ids, padTokenId);
        for (int i = 0; i < texts.size(); i++) {
            Tokens text = texts.get(i);
            int from = i * longest + (side == PaddingSide.LEFT ? longest - text.size() : 0);
            System.arraycopy(text.ids(), 0, ids, from, text.size());
            System.arraycopy(text.typeIds(), 0, types, from, text.size());
            Arrays.fill(mask, from, from + text.size(), 1);
        }
        return new TokenBatch(
                matrix(ids, texts.size(), device),
                matrix(mask, texts.size(), device),
                matrix(types, texts.size(), device));
    }

    private static Tensor matrix(long[] values, int rows, Device device) {
        return Torch.tensor(values, TensorOptions.of(DType.INT64).device(device))
                .reshape(rows, values.length / rows);
    }
}
