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

    /** Sets whether weights are dropped; the default is {@code true}. */
    public MultiHeadAttentionOptions training(boolean newTraining) {
        training = newTraining;
        return this;
    }

    /**
     * Which keys no position attends to, (N, S), or (S) for a single sequence: those where a bool mask holds; a floating point mask
     * is added to the scores. Default null.
     */
    public MultiHeadAttentionOptions keyPaddingMask(@Nullable Tensor newKeyPaddingMask) {
        keyPaddingMask = newKeyPaddingMask;
        return this;
    }

    /** Sets whether the weights are given too; the default is {@code true}. Without them, a faster kernel is used. */
    public MultiHeadAttentionOptions needWeights(boolean newNeedWeights) {
        needWeights = newNeedWeights;
        return this;
    }

    /**
     * Sets which positions may not attend to which, (L, S) or (N * heads, L, S): where a bool mask holds; a floating point mask
     * is added to the scores; the default is {@code null}.
     */
    public MultiHeadAttentionOptions attnMask(@Nullable Tensor newAttnMask) {
        attnMask = newAttnMask;
        return this;
    }

    /**
     * Sets whether query, key and value are projected by weights of their own, in place of {@code inProjWeight}; the default is
     * {@code false}.
     */
    public MultiHeadAttentionOptions useSeparateProjWeight(boolean newUseSeparateProjWeight) {
        useSeparateProjWeight = newUseSeparateProjWeight;
        return this;
    }

    /** (E, E), the query's own weight; default null. */
    public MultiHeadAttentionOptions qProjWeight(@Nullable Tensor newQProjWeight) {
        qProjWeight = newQProjWeight;
        return this;
    }

    /** (E, Ek), the key's own weight; default null. */
    public MultiHeadAttentionOptions kProjWeight(@Nullable Tensor newKProjWeight) {
        kProjWeight = newKProjWeight;
        return this;
    }

    /** (E, Ev), the value's own weight; default null. */
    public MultiHeadAttentionOptions vProjWeight(@Nullable Tensor newVProjWeight) {
        vProjWeight = newVProjWeight;
        return this;
    }

    /** Keys that take the place of the projected ones, (N * heads, S, E / heads); default null. */
    public MultiHeadAttentionOptions staticK(@Nullable Tensor newStaticK) {
        staticK = newStaticK;
        return this;
    }

    /** Values that take the place of the projected ones, (N * heads, S, E / heads); default null. */
    public MultiHeadAttentionOptions staticV(@Nullable Tensor newStaticV) {
        staticV = newStaticV;
        return this;
    }

    /** Sets whether the weights given are the mean over the heads; the default is {@code true}. */
    public MultiHeadAttentionOptions averageAttnWeights(boolean newAverageAttnWeights) {
        averageAttnWeights = newAverageAttnWeights;
        return this;
    }

    /** That {@code attnMask}, which must be there, is the causal one; default false. A wrong hint gives wrong results. */
    public MultiHeadAttentionOptions isCausal(boolean newIsCausal) {
        isCausal = newIsCausal;
        return this;
    }

    /**
     * Sets whether query, key and value are (N, L, E), and the output too; the default is false, (L, N, E), the only order of
     * PyTorch's function. It spares {@link org.jtorch.nn.activation.MultiheadAttention} the copies that a change of order
     * costs.
     */
    public MultiHeadAttentionOptions batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
        return this;
    }
}
