package org.jtorch.nn.internal;

import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.PythonText;

/** Checks of arguments that a layer and its function share. */
public final class Arguments {

    private Arguments() {}

    /**
     * Returns the probability given to a dropout.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public static double dropoutProbability(Number p) {
        double value = p.doubleValue();
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "dropout probability has to be between 0 and 1, but got " + PythonText.number(p));
        }
        return value;
    }

    /**
     * Returns the index of the padding row of an embedding with {@code rows} rows, counted from the first, or null if there is
     * none.
     *
     * @param paddingIdx a row, where a negative index counts from the last; or null
     * @throws IllegalArgumentException if there is no such row
     */
    public static @Nullable Long paddingRow(@Nullable Long paddingIdx, long rows) {
        if (paddingIdx == null) {
            return null;
        }
        if (paddingIdx >= rows || paddingIdx < -rows) {
            throw new IllegalArgumentException(
                    "Padding_idx must be within num_embeddings, but is " + paddingIdx + " of " + rows);
        }
        return paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
    }
}
