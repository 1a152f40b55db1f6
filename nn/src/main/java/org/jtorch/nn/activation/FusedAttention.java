package org.jtorch.nn.activation;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.internal.AttentionMasks;

/** Self-attention in one kernel, which has no derivative. */
final class FusedAttention {

    private static final Operator KERNEL = Operator.find("aten::_native_multi_head_attention", "");
    private static final Set<String> DEVICES = Set.of("cpu", "cuda");

    private FusedAttention() {}

    /** What the kernel gives; null where it is not for this layer or this input. */
    static MultiheadAttention.@Nullable Output of(MultiheadAttention layer, MultiheadAttention.Input in) {
        Tensor query = in.query();
        if (layer.isTraining() || query != in.key() || query != in.value() || query.dim() != 3) {
            return null;
        }
        Tensor weight = layer.inProjWeight;
        Tensor bias = layer.inProjBias;
        Tensor outBias = layer.outProj.bias;
        if (weight == null
                || bias == null
                || outBias == null
                || !isPlain(layer)
                || isFloating(in.attnMask())
                || isFloating(in.keyPaddingMask())
                || weight.dtype() != query.dtype()
                || bias.dtype() != query.dtype()) {
            return null;
        }
        Tensor outWeight = layer.outProj.weight;
        if (!isFree(List.of(query, weight, bias, outWeight, outBias))) {
            return null;
        }
        Tensor padding = AttentionMasks.canonical(
                in.keyPaddingMask(), "key_padding_mask", in.attnMask(), "attn_mask", query.dtype());
        Tensor attention = AttentionMasks.canonical(in.attnMask(), "attn_mask", null, "", query.dtype());
        AttentionMasks.Merged merged = AttentionMasks.merge(attention, padding, query, layer.numHeads);
        List<Object> result = KERNEL.call(
                query,
                query,
                query,
                layer.embedDim,
                layer.numHeads,
                weight,
                bias,
                outWeight,
                outBias,
                merged.mask(),
                in.needsWeights(),
                in.averages(),
                merged.type());
        return new MultiheadAttention.Output((Tensor) result.get(0), in.needsWeights() ? (Tensor) result.get(1) : null);
    }

    private static boolean isPlain(MultiheadAttention layer) {
        return layer.numHeads % 2 == 0
                && layer.batchFirst
                && layer.biasK == null
                && layer.biasV == null
                && !layer.addZeroAttn;
    }

    private static boolean isFloating(@Nullable Tensor mask) {
        return mask != null && mask.isFloatingPoint();
    }

    /** Whether the kernel may take them: on a device that has it, and no derivative asked for. */
    private static boolean isFree(List<Tensor> tensors) {
        boolean recording = Autograd.isGradEnabled();
        return tensors.stream().allMatch(t -> DEVICES.contains(t.device().type()) && !(recording && t.requiresGrad()));
    }
}
