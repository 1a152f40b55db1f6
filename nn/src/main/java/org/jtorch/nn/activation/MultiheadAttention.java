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
 * Multi-head attention: {@code concat(head_1, …, head_h) W^O}, {@code head_i = softmax(Q_i K_i^T / sqrt(head_dim)) V_i}. Here
 * {@code Q_i}, {@code K_i} and {@code V_i} are projections of query, key and value.
 *
 * <p>Shapes: {@link Input}, {@link Output}. Parameters: {@code in_proj_weight} (3 * embed_dim, embed_dim) or, if kdim or vdim
 * differs from embed_dim, {@code q_proj_weight} (embed_dim, embed_dim), {@code k_proj_weight} (embed_dim, kdim) and
 * {@code v_proj_weight} (embed_dim, vdim), all Glorot uniform; {@code in_proj_bias} (3 * embed_dim), zeros; {@code bias_k} and
 * {@code bias_v} (1, 1, embed_dim), Glorot normal; {@code out_proj}, a linear layer whose bias is zeros.
 *
 * <p>The same operators run in training and in eval mode, with gradients and without. In contrast, PyTorch runs self-attention
 * in eval mode without gradients in one kernel. Its results differ by rounding, with one exception: for a query whose keys are
 * all masked, PyTorch returns NaN even if the weights are not requested, and this layer returns zeros from the attention.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html">torch.nn.MultiheadAttention</a>
 * @see <a href="https://arxiv.org/abs/1706.03762">Attention is all you need, Vaswani et al. 2017</a>
 */
public class MultiheadAttention extends Module<MultiheadAttention.Input, MultiheadAttention.Output> {

    /**
     * The input of the layer. L is the length of the query, S is the length of key and value.
     *
     * @param query (L, N, embed_dim); (N, L, embed_dim) if batch first; (L, embed_dim) for a single sequence
     * @param key (S, N, kdim); (N, S, kdim) if batch first; (S, kdim) for a single sequence
     * @param value (S, N, vdim); (N, S, vdim) if batch first; (S, vdim) for a single sequence
     * @param keyPaddingMask the keys that no position attends to, (N, S) or (S), or null. A key is excluded if a bool mask is
     *     true there; a floating-point mask is added to the scores
     * @param needWeights whether the weights are returned too; null for PyTorch's default, true. Without them, a faster kernel
     *     is used
     * @param attnMask the pairs of positions that may not attend to each other, (L, S) or (N * num_heads, L, S), in the same
     *     form as the other mask; or null
     * @param averageAttnWeights whether the returned weights are averaged over the heads; null for PyTorch's default, true
     * @param isCausal states that {@code attnMask}, which must be given, is the causal mask; if that is not so, the results are
     *     wrong
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

        /** Creates an input without masks and with PyTorch's defaults. */
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
     * The output of the layer.
     *
     * @param attnOutput a tensor with the shape of the query
     * @param attnOutputWeights (N, L, S) or, for each head, (N, num_heads, L, S), without N for a single sequence; null if they
     *     were not requested
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

        /** Sets the probability with which a weight is dropped in training; the default is 0. */
        public Options dropout(double newDropout) {
            dropout = newDropout;
            return this;
        }

        /** Sets whether the projections have biases; the default is {@code true}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }

        /** Sets whether there is an additional learned key and value; the default is {@code false}. */
        public Options addBiasKv(boolean newAddBiasKv) {
            addBiasKv = newAddBiasKv;
            return this;
        }

        /** Sets whether there is an additional key and value of zeros; the default is {@code false}. */
        public Options addZeroAttn(boolean newAddZeroAttn) {
            addZeroAttn = newAddZeroAttn;
            return this;
        }

        /** Sets the size of a key. The default is null, which stands for embed_dim. */
        public Options kdim(@Nullable Long newKdim) {
            kdim = newKdim;
            return this;
        }

        /** Sets the size of a key. */
        public Options kdim(long newKdim) {
            return kdim(Long.valueOf(newKdim));
        }

        /** Sets the size of a value. The default is null, which stands for embed_dim. */
        public Options vdim(@Nullable Long newVdim) {
            vdim = newVdim;
            return this;
        }

        /** Sets the size of a value. */
        public Options vdim(long newVdim) {
            return vdim(Long.valueOf(newVdim));
        }

        /** Sets whether tensors are (N, L, E) instead of (L, N, E); the default is {@code false}. */
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

    /** The weight of the query projection, (embed_dim, embed_dim), or null. */
    public @Nullable Parameter qProjWeight;

    /** The weight of the key projection, (embed_dim, kdim), or null. */
    public @Nullable Parameter kProjWeight;

    /** The weight of the value projection, (embed_dim, vdim), or null. */
    public @Nullable Parameter vProjWeight;

    /** The weight of all three projections, (3 * embed_dim, embed_dim), or null. */
    public @Nullable Parameter inProjWeight;

    /** The bias of all three projections, (3 * embed_dim), or null. */
    public @Nullable Parameter inProjBias;

    /** The additional key or value, (1, 1, embed_dim), or null. */
    public @Nullable Parameter biasK;

    /** The additional key or value, (1, 1, embed_dim), or null. */
    public @Nullable Parameter biasV;

    /** The projection of the combined heads. Its weight is used, but it is not called. */
    public NonDynamicallyQuantizableLinear outProj;

    /** Creates a layer with the default options. */
    public MultiheadAttention(long embedDim, long numHeads) {
        this(embedDim, numHeads, o -> {});
    }

    /**
     * Creates a layer with the options that {@code options} sets.
     *
     * @param embedDim the size of query and output
     * @param numHeads the number of heads among which it is divided
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if a size is not positive, or {@code embedDim} is not a multiple of {@code numHeads}
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

    /** Returns whether keys and values have the size of queries, so that one weight projects all three. */
    public final boolean isQkvSameEmbedDim() {
        return kdim == embedDim && vdim == embedDim;
    }

    /** Runs the layer without masks and returns the weights; see {@link #call(Object)}. */
    public final Output call(Tensor query, Tensor key, Tensor value) {
        return call(new Input(query, key, value));
    }

    /** Runs the layer without masks; see {@link #call(Object)}. */
    public final Output call(Tensor query, Tensor key, Tensor value, boolean needWeights) {
        return call(new Input(query, key, value, null, needWeights, null, null, false));
    }

    /** Runs the layer with masks, either of which may be null; see {@link #call(Object)}. */
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

    /** Returns the number of heads among which embed_dim is divided. */
    public final long numHeads() {
        return numHeads;
    }

    /** Returns the probability with which a weight is dropped in training. */
    public final double dropout() {
        return dropout;
    }

    /** Sets {@link #dropout()}. */
    public final void dropout(double newDropout) {
        dropout = newDropout;
    }

    /** Returns whether tensors are (N, L, E) instead of (L, N, E). */
    public final boolean batchFirst() {
        return batchFirst;
    }

    /** Sets {@link #batchFirst()}. */
    public final void batchFirst(boolean newBatchFirst) {
        batchFirst = newBatchFirst;
    }

    /** Returns the size of a head, {@code embed_dim / num_heads}. */
    public final long headDim() {
        return headDim;
    }

    /** Returns whether there is an additional key and value of zeros. */
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
