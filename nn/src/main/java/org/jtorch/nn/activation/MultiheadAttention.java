package org.jtorch.nn.activation;

import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.LayerOptions;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.functional.AttentionOutput;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.linear.NonDynamicallyQuantizableLinear;

/**
 * Multi-head attention: {@code concat(head_1, …, head_h) W^O}, {@code head_i = softmax(Q_i K_i^T / sqrt(head_dim)) V_i}, where
 * {@code Q_i}, {@code K_i} and {@code V_i} are projections of query, key and value.
 *
 * <p>Shapes: {@link Input}, {@link Output}. Parameters: {@code in_proj_weight} (3 * embed_dim, embed_dim), or where kdim or
 * vdim is another {@code q_proj_weight} (embed_dim, embed_dim), {@code k_proj_weight} (embed_dim, kdim) and
 * {@code v_proj_weight} (embed_dim, vdim), all Glorot uniform; {@code in_proj_bias} (3 * embed_dim), zeros; {@code bias_k} and
 * {@code bias_v} (1, 1, embed_dim), Glorot normal; {@code out_proj}, a linear layer with a bias of zeros.
 *
 * <p>The same operators run in training and in eval mode, with gradients and without. PyTorch runs self-attention in eval mode
 * without gradients in one kernel instead; its results differ by rounding, except that a query whose keys are all masked gives NaN
 * there even if the weights are not asked for, and here gives zeros from the attention.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html">torch.nn.MultiheadAttention</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
 */
public class MultiheadAttention extends Module<MultiheadAttention.Input, MultiheadAttention.Output> {

    /**
     * What the layer takes. L is the length of the query, S that of key and value.
     *
     * @param query (L, N, embed_dim), batch first (N, L, embed_dim), or a single sequence (L, embed_dim)
     * @param key (S, N, kdim), batch first (N, S, kdim), or (S, kdim)
     * @param value (S, N, vdim), batch first (N, S, vdim), or (S, vdim)
     * @param keyPaddingMask which keys no position attends to, (N, S), or (S): those where a bool mask holds; a floating point mask
     *     is added to the scores; or null
     * @param needWeights whether the weights are given too; null is PyTorch's default, true. Without them, a faster kernel is
     *     used
     * @param attnMask which positions may not attend to which, (L, S) or (N * num_heads, L, S), as the other mask; or null
     * @param averageAttnWeights whether the weights given are the mean over the heads; null is PyTorch's default, true
     * @param isCausal that {@code attnMask}, which must be there, is the causal one; a wrong hint gives wrong results
     */
    public record Input(
            Tensor query,
            Tensor key,
            Tensor value,
            @Nullable Tensor keyPaddingMask,
            @Nullable Boolean needWeights,
            @Nullable Tensor attnMask,
            @Nullable Boolean averageAttnWeights,
            boolean isCausal) {

        /** Without masks, everything else as PyTorch's defaults are. */
        public Input(Tensor query, Tensor key, Tensor value) {
            this(query, key, value, null, null, null, null, false);
        }

        boolean needsWeights() {
            return needWeights == null || needWeights;
        }

        boolean averages() {
            return averageAttnWeights == null || averageAttnWeights;
        }
    }

    /**
     * What the layer gives.
     *
     * @param attnOutput shaped as the query
     * @param attnOutputWeights (N, L, S), or for each head (N, num_heads, L, S), without N for a single sequence; null where
     *     they were not asked for
     */
    public record Output(Tensor attnOutput, @Nullable Tensor attnOutputWeights) {}

    /** The optional arguments of {@link MultiheadAttention}. */
    public static final class Options extends LayerOptions<Options> {
        private double dropout;
        private boolean bias = true;
        private boolean addBiasKv;
        private boolean addZeroAttn;
        private @Nullable Long kdim;
        private @Nullable Long vdim;
        private boolean batchFirst;

        /** Sets the probability by which a weight is dropped in training; the default is 0. */
        public Options dropout(double newDropout) {
            dropout = newDropout;
            return this;
        }

        /** Sets whether the projections have biases; the default is {@code true}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }

        /** Sets whether there is a further key and value, learnt; the default is {@code false}. */
        public Options addBiasKv(boolean newAddBiasKv) {
            addBiasKv = newAddBiasKv;
            return this;
        }

        /** Sets whether there is a further key and value of zeros; the default is {@code false}. */
        public Options addZeroAttn(boolean newAddZeroAttn) {
            addZeroAttn = newAddZeroAttn;
            return this;
        }

        /** Sets the size of a key; the default is null, embed_dim. */
        public Options kdim(@Nullable Long newKdim) {
            kdim = newKdim;
            return this;
        }

        /** Sets the size of a key. */
        public Options kdim(long newKdim) {
            return kdim(Long.valueOf(newKdim));
        }

        /** Sets the size of a value; the default is null, embed_dim. */
        public Options vdim(@Nullable Long newVdim) {
            vdim = newVdim;
            return this;
        }

        /** Sets the size of a value. */
        public Options vdim(long newVdim) {
            return vdim(Long.valueOf(newVdim));
        }

        /** Sets whether tensors are (N, L, E), not (L, N, E); the default is {@code false}. */
        public Options batchFirst(boolean newBatchFirst) {
            batchFirst = newBatchFirst;
            return this;
        }
    }

    final long embedDim;

    final long kdim;

    final long vdim;

    final long numHeads;

    double dropout;

    boolean batchFirst;

    final long headDim;

    boolean addZeroAttn;

    /** (embed_dim, embed_dim), or null. */
    public @Nullable Parameter qProjWeight;

    /** (embed_dim, kdim), or null. */
    public @Nullable Parameter kProjWeight;

    /** (embed_dim, vdim), or null. */
    public @Nullable Parameter vProjWeight;

    /** (3 * embed_dim, embed_dim), or null. */
    public @Nullable Parameter inProjWeight;

    /** (3 * embed_dim), or null. */
    public @Nullable Parameter inProjBias;

    /** (1, 1, embed_dim), or null. */
    public @Nullable Parameter biasK;

    /** (1, 1, embed_dim), or null. */
    public @Nullable Parameter biasV;

    /** What brings the heads together; its weight is used, it is not called. */
    public NonDynamicallyQuantizableLinear outProj;

    /** With the default options. */
    public MultiheadAttention(long embedDim, long numHeads) {
        this(embedDim, numHeads, o -> {});
    }

    /**
     * Creates one with the options that {@code options} sets.
     *
     * @param embedDim the size of query and output
     * @param numHeads how many heads share it
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or {@code embedDim} is no multiple of {@code numHeads}
     */
    public MultiheadAttention(long embedDim, long numHeads, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        if (embedDim <= 0 || numHeads <= 0) {
            throw new IllegalArgumentException("embed_dim and num_heads must be greater than 0, got embed_dim="
                    + embedDim + " and num_heads=" + numHeads + " instead");
        }
        if (embedDim % numHeads != 0) {
            throw new IllegalArgumentException("embed_dim must be divisible by num_heads");
        }
        this.embedDim = embedDim;
        this.numHeads = numHeads;
        kdim = o.kdim == null ? embedDim : o.kdim;
        vdim = o.vdim == null ? embedDim : o.vdim;
        dropout = o.dropout;
        batchFirst = o.batchFirst;
        headDim = embedDim / numHeads;
        addZeroAttn = o.addZeroAttn;
        TensorOptions made = o.tensorOptions();
        if (isQkvSameEmbedDim()) {
            inProjWeight = parameter(made, 3 * embedDim, embedDim);
        } else {
            qProjWeight = parameter(made, embedDim, embedDim);
            kProjWeight = parameter(made, embedDim, kdim);
            vProjWeight = parameter(made, embedDim, vdim);
        }
        inProjBias = o.bias ? parameter(made, 3 * embedDim) : null;
        outProj = new NonDynamicallyQuantizableLinear(
                embedDim, embedDim, l -> l.bias(o.bias).device(made.device()).dtype(made.dtype()));
        if (o.addBiasKv) {
            biasK = parameter(made, 1, 1, embedDim);
            biasV = parameter(made, 1, 1, embedDim);
        }
        drawParameters();
    }

    private static Parameter parameter(TensorOptions made, long... shape) {
        return new Parameter(Torch.empty(shape, made));
    }

    private void drawParameters() {
        Stream.of(inProjWeight, qProjWeight, kProjWeight, vProjWeight)
                .filter(Objects::nonNull)
                .forEach(Init::xavierUniform_);
        Stream.of(inProjBias, inProjBias == null ? null : outProj.bias)
                .filter(Objects::nonNull)
                .forEach(Init::zeros_);
        Stream.of(biasK, biasV).filter(Objects::nonNull).forEach(Init::xavierNormal_);
    }

    /** Returns whether keys and values have the size of queries, and so one weight projects all three. */
    public final boolean isQkvSameEmbedDim() {
        return kdim == embedDim && vdim == embedDim;
    }

    /** Without masks, with weights: {@link #call(Object)}. */
    public final Output call(Tensor query, Tensor key, Tensor value) {
        return call(new Input(query, key, value));
    }

    /** Without masks: {@link #call(Object)}. */
    public final Output call(Tensor query, Tensor key, Tensor value, boolean needWeights) {
        return call(new Input(query, key, value, null, needWeights, null, null, false));
    }

    /** With masks, either of which may be null: {@link #call(Object)}. */
    public final Output call(
            Tensor query,
            Tensor key,
            Tensor value,
            @Nullable Tensor keyPaddingMask,
            boolean needWeights,
            @Nullable Tensor attnMask) {
        return call(new Input(query, key, value, keyPaddingMask, needWeights, attnMask, null, false));
    }

    /** Returns the size of query and output. */
    public final long embedDim() {
        return embedDim;
    }

    /** Returns the size of a key. */
    public final long kdim() {
        return kdim;
    }

    /** Returns the size of a value. */
    public final long vdim() {
        return vdim;
    }

    /** Returns how many heads share embed_dim. */
    public final long numHeads() {
        return numHeads;
    }

    /** Returns the probability by which a weight is dropped in training. */
    public final double dropout() {
        return dropout;
    }

    /** Sets {@link #dropout()}. */
    public final void dropout(double newDropout) {
        dropout = newDropout;
    }

    /** Returns whether tensors are (N, L, E). */
    public final boolean batchFirst() {
        return batchFirst;
    }

    /** Sets {@link #batchFirst()}. */
    public final void batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
    }

    /** embed_dim / num_heads. */
    public final long headDim() {
        return headDim;
    }

    /** Returns whether there is a further key and value of zeros. */
    public final boolean addZeroAttn() {
        return addZeroAttn;
    }

    /** Sets {@link #addZeroAttn()}. */
    public final void addZeroAttn(boolean newAddZeroAttn) {
        addZeroAttn = newAddZeroAttn;
    }

    @Override
    protected Output forward(Input in) {
        AttentionOutput result = F.multiHeadAttentionForward(
                in.query(),
                in.key(),
                in.value(),
                embedDim,
                numHeads,
                inProjWeight,
                inProjBias,
                biasK,
                biasV,
                addZeroAttn,
                dropout,
                outProj.weight,
                outProj.bias,
                o -> o.training(isTraining())
                        .keyPaddingMask(in.keyPaddingMask())
                        .needWeights(in.needsWeights())
                        .attnMask(in.attnMask())
                        .averageAttnWeights(in.averages())
                        .isCausal(in.isCausal())
                        .batchFirst(batchFirst)
                        .useSeparateProjWeight(!isQkvSameEmbedDim())
                        .qProjWeight(qProjWeight)
                        .kProjWeight(kProjWeight)
                        .vProjWeight(vProjWeight));
        return new Output(result.attnOutput(), result.attnOutputWeights());
    }
}
