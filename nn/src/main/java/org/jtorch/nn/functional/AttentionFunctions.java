package org.jtorch.nn.functional;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;

/** Attention functions of {@link F}. */
abstract class AttentionFunctions extends DropoutFunctions {

    AttentionFunctions() {}

    /** {@code softmax(Q K^T / sqrt(E)) V}: {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, Tensor)} without mask. */
    public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value) {
        return scaledDotProductAttention(query, key, value, null);
    }

    /**
     * {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, Tensor, double, boolean, Double, boolean)} with nothing
     * dropped, not causal and scaled by {@code 1 / sqrt(E)}.
     */
    public static Tensor scaledDotProductAttention(Tensor query, Tensor key, Tensor value, @Nullable Tensor attnMask) {
        return scaledDotProductAttention(query, key, value, attnMask, 0.0, false, null, false);
    }

    /**
     * {@code softmax(scale * Q K^T + mask) V}, by the fastest kernel that the engine has for it.
     *
     * @param query (N, …, L, E)
     * @param key (N, …, S, E)
     * @param value (N, …, S, Ev)
     * @param attnMask broadcasts to (N, …, L, S); bool: false keeps a position out, which is the other way round than in
     *     {@link #multiHeadAttentionForward}; floating point: added to the scores; or null
     * @param dropoutP the probability by which a weight is dropped; this is a function, so 0 must be given outside of training
     * @param isCausal whether each position attends only to those up to its own; not together with a mask
     * @param scale what the scores are multiplied with; null: {@code 1 / sqrt(E)}
     * @param enableGqa whether there may be fewer heads of keys and values, dimension -3, than of queries, shared by them
     * @return (N, …, L, Ev)
     * @throws TorchException if the shapes do not fit, or there are a mask and {@code isCausal}
     * @see <a
     *     href="https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html">PyTorch</a>
     */
    public static Tensor scaledDotProductAttention(
            Tensor query,
            Tensor key,
            Tensor value,
            @Nullable Tensor attnMask,
            double dropoutP,
            boolean isCausal,
            @Nullable Double scale,
            boolean enableGqa) {
        return query.scaledDotProductAttention(key, value, attnMask, dropoutP, isCausal, scale, enableGqa);
    }

    /**
     * {@link #multiHeadAttentionForward(Tensor, Tensor, Tensor, long, long, Tensor, Tensor, Tensor, Tensor, boolean, double,
     * Tensor, Tensor, Consumer)} with the default options.
     */
    public static AttentionOutput multiHeadAttentionForward(
            Tensor query,
            Tensor key,
            Tensor value,
            long embedDimToCheck,
            long numHeads,
            @Nullable Tensor inProjWeight,
            @Nullable Tensor inProjBias,
            @Nullable Tensor biasK,
            @Nullable Tensor biasV,
            boolean addZeroAttn,
            double dropoutP,
            Tensor outProjWeight,
            @Nullable Tensor outProjBias) {
        return multiHeadAttentionForward(
                query,
                key,
                value,
                embedDimToCheck,
                numHeads,
                inProjWeight,
                inProjBias,
                biasK,
                biasV,
                addZeroAttn,
                dropoutP,
                outProjWeight,
                outProjBias,
                o -> {});
    }

    /**
     * Multi-head attention: projections of query, key and value, attention in each head, and a projection of what the heads
     * give together.
     *
     * @param query (L, N, E), or (L, E)
     * @param key (S, N, E), or (S, E)
     * @param value as the key
     * @param embedDimToCheck E
     * @param numHeads how many heads share E
     * @param inProjWeight (3 * E, E), the rows of query, key and value; null with {@code useSeparateProjWeight}
     * @param inProjBias (3 * E), or null
     * @param biasK (1, 1, E), a further key, or null
     * @param biasV (1, 1, E), its value, or null
     * @param addZeroAttn whether there is a further key and value of zeros
     * @param dropoutP the probability by which a weight is dropped in training
     * @param outProjWeight (E, E)
     * @param outProjBias (E), or null
     * @param options sets the optional arguments
     * @return the output, shaped as the query, and the weights
     * @throws TorchException if the arguments do not fit each other
     * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
     */
    public static AttentionOutput multiHeadAttentionForward(
            Tensor query,
            Tensor key,
            Tensor value,
            long embedDimToCheck,
            long numHeads,
            @Nullable Tensor inProjWeight,
            @Nullable Tensor inProjBias,
            @Nullable Tensor biasK,
            @Nullable Tensor biasV,
            boolean addZeroAttn,
            double dropoutP,
            Tensor outProjWeight,
            @Nullable Tensor outProjBias,
            Consumer<MultiHeadAttentionOptions> options) {
        MultiHeadAttentionOptions o = new MultiHeadAttentionOptions();
        options.accept(o);
        HeadProjections projections =
                new HeadProjections(embedDimToCheck, numHeads, inProjWeight, inProjBias, biasK, biasV, addZeroAttn, o);
        return new AttentionForward(projections, dropoutP, outProjWeight, outProjBias, o).of(query, key, value);
    }
}
