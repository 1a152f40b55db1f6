package org.jtorch.models.layers;

import org.jtorch.DType;
import org.jtorch.Tensor;

/** Positions that are counted over the tokens without the padding, as fairseq counts them. */
public final class PaddedPositions {

    private PaddedPositions() {}

    /**
     * Returns the positions of tokens: {@code paddingIdx + 1} and so on for tokens, and {@code paddingIdx} for padding.
     *
     * @param inputIds the tokens, (N, S), int64
     * @param paddingIdx the token that is padding
     * @return (N, S), int64
     */
    public static Tensor of(Tensor inputIds, long paddingIdx) {
        Tensor token = inputIds.ne(paddingIdx).to(DType.INT64);
        return token.cumsum(1).mul(token).add(paddingIdx);
    }
}
