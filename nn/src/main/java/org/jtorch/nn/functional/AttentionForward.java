package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.internal.options.Customized;
import org.jtorch.internal.text.PythonText;

/** {@link F#multiHeadAttentionForward}: checks, masks, attention in each head, and the output projection. */
final class AttentionForward {

    private final HeadProjections projections;
    private final double dropoutP;
    private final Tensor outProjWeight;
    private final @Nullable Tensor outProjBias;
    private final MultiHeadAttentionOptions o;

    private AttentionForward(
            HeadProjections projections,
            double dropoutP,
            Tensor outProjWeight,
            @Nullable Tensor outProjBias,
            MultiHeadAttentionOptions o) {
        this.projections = projections;
        this.dropoutP = o.training ? dropoutP : 0.0;
        this.outProjWeight = outProjWeight;
        this.outProjBias = outProjBias;
        this.o = o;
    }

    static AttentionOutput of(
            Tensor query,
            Tensor key,
            Tensor value,
            long embedDim,
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
        MultiHeadAttentionOptions o = Customized.of(new MultiHeadAttentionOptions(), options);
        HeadProjections projections =
                new HeadProjections(embedDim, numHeads, inProjWeight, inProjBias, biasK, biasV, addZeroAttn, o);
        return new AttentionForward(projections, dropoutP, outProjWeight, outProjBias, o).run(query, key, value);
    }

    private AttentionOutput run(Tensor query, Tensor key, Tensor value) {
        boolean batched = checkShapes(query, key, value);
        if (batched) {
            return batched(query, key, value, o.keyPaddingMask);
        }
        int batchDim = batchDim();
        Tensor q = query.unsqueeze(batchDim);
        Tensor k = key == query ? q : key.unsqueeze(batchDim);
        Tensor v = value == key ? k : value.unsqueeze(batchDim);
        AttentionOutput result = batched(q, k, v, o.keyPaddingMask == null ? null : o.keyPaddingMask.unsqueeze(0));
        Tensor weights = result.attnOutputWeights();
        return new AttentionOutput(result.attnOutput().squeeze(batchDim), weights == null ? null : weights.squeeze(0));
    }

    private int batchDim() {
        return o.batchFirst ? 0 : 1;
    }

    /** Returns whether the tensors are batched. */
    private boolean checkShapes(Tensor query, Tensor key, Tensor value) {
        if (query.dim() != 2 && query.dim() != 3) {
            throw new TorchException("query should be unbatched 2D or batched 3D tensor but received " + query.dim()
                    + "-D query tensor");
        }
        boolean batched = query.dim() == 3;
        int dim = batched ? 3 : 2;
        String where = batched ? "For batched (3-D) `query`, expected " : "For unbatched (2-D) `query`, expected ";
        if (key.dim() != dim || value.dim() != dim) {
            throw new TorchException(where + "`key` and `value` to be " + dim + "-D but found " + key.dim() + "-D and "
                    + value.dim() + "-D tensors respectively");
        }
        if (o.keyPaddingMask != null && o.keyPaddingMask.dim() != dim - 1) {
            throw new TorchException(where + "`key_padding_mask` to be `None` or " + (dim - 1) + "-D but found "
                    + o.keyPaddingMask.dim() + "-D tensor instead");
        }
        if (o.attnMask == null) {
            return batched;
        }
        if (!Set.of(2, 3).contains((int) o.attnMask.dim())) {
            throw new TorchException(
                    where + "`attn_mask` to be `None`, 2-D or 3-D but found " + o.attnMask.dim() + "-D tensor instead");
        }
        long[] expected = {projections.numHeads(), query.size(0), key.size(0)};
        if (!batched && o.attnMask.dim() == 3 && !Arrays.equals(o.attnMask.shape(), expected)) {
            throw new TorchException("Expected `attn_mask` shape to be " + PythonText.tuple(expected) + " but got "
                    + PythonText.size(o.attnMask.shape()));
        }
        return batched;
    }

    private AttentionOutput batched(Tensor query, Tensor key, Tensor value, @Nullable Tensor keyPaddingMask) {
        Tensor padding =
                AttentionMasks.canonical(keyPaddingMask, "key_padding_mask", o.attnMask, "attn_mask", query.dtype());
        if (o.isCausal && o.attnMask == null) {
            throw new TorchException("Need attn_mask if specifying the is_causal hint. You may use the Transformer"
                    + " module method `generate_square_subsequent_mask` to create this mask.");
        }
        // The kernel can apply the causal mask itself if nothing else is to be masked.
        boolean causal = o.isCausal && padding == null && !o.needWeights;
        Tensor attnMask = causal ? null : AttentionMasks.canonical(o.attnMask, "attn_mask", null, "", query.dtype());
        HeadProjections.Heads heads = projections.of(query, key, value);
        Tensor mask = mask(attnMask, padding, query.size(batchDim()), query.size(1 - batchDim()), key, heads.key());
        return o.needWeights ? withWeights(heads, mask) : withoutWeights(heads, mask, causal);
    }

    /** Returns both masks as one that can be broadcast to (N, heads, L, S). */
    private @Nullable Tensor mask(
            @Nullable Tensor attnMask,
            @Nullable Tensor padding,
            long batch,
            long targetLength,
            Tensor key,
            Tensor headKeys) {
        long heads = projections.numHeads();
        int further = projections.furtherKeys();
        Tensor mask = null;
        if (attnMask != null) {
            long sourceLength = key.size(1 - batchDim());
            boolean shared = attnMask.dim() == 2;
            long[] expected = shared
                    ? new long[] {targetLength, sourceLength}
                    : new long[] {batch * heads, targetLength, sourceLength};
            if (!Arrays.equals(attnMask.shape(), expected)) {
                throw new TorchException("The shape of the " + attnMask.dim() + "D attn_mask is "
                        + PythonText.size(attnMask.shape()) + ", but should be " + PythonText.tuple(expected) + ".");
            }
            Tensor wide = further == 0 ? attnMask : F.pad(attnMask, 0, further);
            mask = shared ? wide.unsqueeze(0).unsqueeze(0) : wide.unflatten(0, new long[] {batch, heads});
        }
        if (padding != null) {
            Tensor wide = further == 0 ? padding : F.pad(padding, 0, further);
            checkPadding(0, batch, wide);
            checkPadding(1, headKeys.size(2), wide);
            Tensor spread = wide.unsqueeze(1).unsqueeze(1);
            mask = mask == null ? spread : mask.add(spread);
        }
        return mask;
    }

    private static void checkPadding(int dim, long expected, Tensor padding) {
        if (padding.size(dim) != expected) {
            throw new TorchException(
                    "Expected key_padded_mask.shape[" + dim + "] to be " + expected + ", but got " + padding.size(dim));
        }
    }

    private AttentionOutput withWeights(HeadProjections.Heads heads, @Nullable Tensor mask) {
        Tensor scaled = heads.query().mul(Math.sqrt(1.0 / projections.headDim()));
        Tensor scores = scaled.matmul(heads.key().transpose(-2, -1));
        Tensor weights = (mask == null ? scores : scores.add(mask)).softmax(-1);
        if (dropoutP > 0.0) {
            weights = F.dropout(weights, dropoutP);
        }
        Tensor output = joined(weights.matmul(heads.value()));
        return new AttentionOutput(output, o.averageAttnWeights ? weights.mean(new long[] {1}) : weights);
    }

    private AttentionOutput withoutWeights(HeadProjections.Heads heads, @Nullable Tensor mask, boolean causal) {
        Tensor output = F.scaledDotProductAttention(
                heads.query(), heads.key(), heads.value(), mask, dropoutP, causal, null, false);
        return new AttentionOutput(joined(output), null);
    }

    /**
     * Converts (N, heads, L, E / heads) to the output, (L, N, E), or (N, L, E) if batch first. In training, the memory is
     * always in the order of (L, N, E). A dropout after it draws random numbers in the order of memory, and so drops the same
     * elements as PyTorch.
     */
    private Tensor joined(Tensor heads) {
        boolean batchOutside = o.batchFirst && !o.training;
        Tensor together = (batchOutside ? heads.transpose(1, 2) : heads.permute(2, 0, 1, 3)).flatten(-2, -1);
        // The product would copy it anyway. With a contiguous copy, it does not use a kernel for other orders.
        Tensor output = F.linear(together.contiguous(), outProjWeight, outProjBias);
        return o.batchFirst && o.training ? output.transpose(0, 1) : output;
    }
}
