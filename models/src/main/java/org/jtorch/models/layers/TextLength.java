package org.jtorch.models.layers;

import org.jtorch.Tensor;

/** The greatest number of tokens of a model with a table of positions. */
public final class TextLength {

    private TextLength() {}

    /**
     * Refuses a text that is longer than the table.
     *
     * @param tokens the number of tokens of the text
     * @param greatest the number of positions
     * @throws IllegalArgumentException if the text is longer
     */
    public static void check(long tokens, long greatest) {
        if (tokens > greatest) {
            throw new IllegalArgumentException("the text has " + tokens + " tokens, but this model has positions for "
                    + greatest + ": cut the text, for example with the tokenizer's maxLength");
        }
    }

    /**
     * Refuses texts that are longer than the table, in a model whose first positions belong to padding.
     *
     * @param ids the tokens, (N, S)
     * @param positions their positions, (N, S) or (1, S)
     * @param rows the number of rows of the table
     * @param padding the position of padding
     * @throws IllegalArgumentException if a text is longer
     */
    public static void checkPadded(Tensor ids, Tensor positions, long rows, long padding) {
        if (ids.size(1) + padding >= rows) { // otherwise there is a row for each; looking at the numbers takes time
            check((long) positions.max().item() - padding, rows - padding - 1);
        }
    }
}
