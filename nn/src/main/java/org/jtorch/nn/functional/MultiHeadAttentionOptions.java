package org.jtorch.nn.functional;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** The optional arguments of {@link F#multiHeadAttentionForward}. */
public final class MultiHeadAttentionOptions {

    boolean training = true;

    @Nullable
    Tensor keyPaddingMask;

    boolean needWeights = true;

    @Nullable
    Tensor attnMask;

    boolean useSeparateProjWeight;

    @Nullable
    Tensor qProjWeight;

    @Nullable
    Tensor kProjWeight;

    @Nullable
    Tensor vProjWeight;

    @Nullable
    Tensor staticK;

    @Nullable
    Tensor staticV;

    boolean averageAttnWeights = true;
    boolean isCausal;
    boolean batchFirst;

    MultiHeadAttentionOptions() {}

    /** Sets whether weights are dropped, as in training; the default is {@code true}. */
    public MultiHeadAttentionOptions training(boolean newTraining) {
        training = newTraining;
        return this;
    }

    /**
     * Sets the keys that no position attends to, (N, S), or (S) for a single sequence; the default is {@code null}. A key is
     * excluded if a bool mask is true there; a floating-point mask is added to the scores.
     */
    public MultiHeadAttentionOptions keyPaddingMask(@Nullable Tensor newKeyPaddingMask) {
        keyPaddingMask = newKeyPaddingMask;
        return this;
    }

    /** Sets whether the weights are returned too; the default is {@code true}. Without them, a faster kernel is used. */
    public MultiHeadAttentionOptions needWeights(boolean newNeedWeights) {
        needWeights = newNeedWeights;
        return this;
    }

    /**
     * Sets the pairs of positions that may not attend to each other, (L, S) or (N * heads, L, S); the default is {@code null}.
     * A pair is excluded if a bool mask is true there; a floating-point mask is added to the scores.
     */
    public MultiHeadAttentionOptions attnMask(@Nullable Tensor newAttnMask) {
        attnMask = newAttnMask;
        return this;
    }

    /**
     * Sets whether query, key and value are projected with separate weights instead of {@code inProjWeight}; the default is
     * {@code false}.
     */
    public MultiHeadAttentionOptions useSeparateProjWeight(boolean newUseSeparateProjWeight) {
        useSeparateProjWeight = newUseSeparateProjWeight;
        return this;
    }

    /** Sets the separate weight of the query, (E, E); the default is {@code null}. */
    public MultiHeadAttentionOptions qProjWeight(@Nullable Tensor newQProjWeight) {
        qProjWeight = newQProjWeight;
        return this;
    }

    /** Sets the separate weight of the key, (E, Ek); the default is {@code null}. */
    public MultiHeadAttentionOptions kProjWeight(@Nullable Tensor newKProjWeight) {
        kProjWeight = newKProjWeight;
        return this;
    }

    /** Sets the separate weight of the value, (E, Ev); the default is {@code null}. */
    public MultiHeadAttentionOptions vProjWeight(@Nullable Tensor newVProjWeight) {
        vProjWeight = newVProjWeight;
        return this;
    }

    /** Sets keys to use instead of the projected ones, (N * heads, S, E / heads); the default is {@code null}. */
    public MultiHeadAttentionOptions staticK(@Nullable Tensor newStaticK) {
        staticK = newStaticK;
        return this;
    }

    /** Sets values to use instead of the projected ones, (N * heads, S, E / heads); the default is {@code null}. */
    public MultiHeadAttentionOptions staticV(@Nullable Tensor newStaticV) {
        staticV = newStaticV;
        return this;
    }

    /** Sets whether the returned weights are averaged over the heads; the default is {@code true}. */
    public MultiHeadAttentionOptions averageAttnWeights(boolean newAverageAttnWeights) {
        averageAttnWeights = newAverageAttnWeights;
        return this;
    }

    /**
     * States that {@code attnMask}, which must be given, is the causal mask; the default is {@code false}. If it is true for
     * another mask, the results are wrong.
     */
    public MultiHeadAttentionOptions isCausal(boolean newIsCausal) {
        isCausal = newIsCausal;
        return this;
    }

    /**
     * Sets whether query, key, value and output are (N, L, E) instead of (L, N, E), which is the only order of PyTorch's
     * function; the default is {@code false}. {@link org.jtorch.nn.activation.MultiheadAttention} uses it to avoid copies.
     */
    public MultiHeadAttentionOptions batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
        return this;
    }
}
