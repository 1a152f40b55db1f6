package org.jtorch.nn.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.F;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.internal.AttentionMasks;
import org.jtorch.nn.norm.LayerNorm;

/**
 * An encoder layer where no derivative is asked for: in one kernel, or, where the linear maps are large, in the few ops that the
 * kernel is made of. {@link Tensor#linear} then has faster ways than the kernel's own: 11.0 ms against 14.0 for four layers of
 * 256 x 1024 over 256 elements.
 */
final class FusedEncoderLayer {

    private static final Operator KERNEL = Operator.find("aten::_transformer_encoder_layer_fwd", "");

    /** Multiplications of a linear map from which on the separate ops are faster. */
    private static final long LARGE = 1L << 22;

    private static final Set<String> DEVICES = Set.of("cpu", "cuda", "xpu");

    private FusedEncoderLayer() {}

    /** The input with masks that are added to the scores. */
    static TransformerEncoderLayer.Input canonical(TransformerEncoderLayer.Input in) {
        Tensor mask = in.srcMask();
        Tensor padding = in.srcKeyPaddingMask();
        if (mask == null && padding == null) {
            return in;
        }
        return new TransformerEncoderLayer.Input(
                in.src(),
                AttentionMasks.canonical(mask, "src_mask", null, "", in.src().dtype()),
                AttentionMasks.canonical(
                        padding,
                        "src_key_padding_mask",
                        mask,
                        "src_mask",
                        in.src().dtype()),
                in.isCausal());
    }

    /** Whether the kernel computes what this layer would of this input. */
    static boolean fits(TransformerEncoderLayer layer, TransformerEncoderLayer.Input in) {
        return in.src().dim() == 3
                && !layer.isTraining()
                && layer.selfAttn.batchFirst()
                && layer.selfAttn.numHeads() % 2 == 0
                && layer.function.kernelWith(layer.activation) != 0
                && layer.norm1.eps() == layer.norm2.eps()
                && parameters(layer).size() == 12
                && !anyHooks(layer)
                && isFree(in.src(), layer);
    }

    /** Why a stack of such layers cannot leave padding out, in PyTorch's words; null where it can. */
    static @Nullable String obstacle(TransformerEncoderLayer layer) {
        MultiheadAttention attention = layer.selfAttn;
        if (layer.normFirst) {
            return "encoder_layer.norm_first was True";
        } else if (!attention.batchFirst()) {
            return "encoder_layer.self_attn.batch_first was not True(use batch_first for better inference performance)";
        } else if (attention.inProjWeight == null) {
            return "encoder_layer.self_attn._qkv_same_embed_dim was not True";
        } else if (attention.inProjBias == null) {
            return "encoder_layer.self_attn was passed bias=False";
        } else if (layer.function.kernelWith(layer.activation) == 0) {
            return "encoder_layer.activation_relu_or_gelu was not True";
        } else if (layer.norm1.eps() != layer.norm2.eps()) {
            return "encoder_layer.norm1.eps was not equal to encoder_layer.norm2.eps";
        } else if (attention.numHeads() % 2 == 1) {
            return "encoder_layer.self_attn.num_heads is odd";
        }
        return null;
    }

    private static boolean anyHooks(TransformerEncoderLayer layer) {
        for (Module<?, ?> part : List.of(
                layer,
                layer.selfAttn,
                layer.selfAttn.outProj,
                layer.linear1,
                layer.dropout,
                layer.linear2,
                layer.norm1,
                layer.norm2,
                layer.dropout1,
                layer.dropout2,
                layer.activation == null ? layer : layer.activation)) {
            if (part.hasHooks()) {
                return true;
            }
        }
        return false;
    }

    /** The parameters in the kernel's order; fewer than 12 where some are absent. */
    private static List<Tensor> parameters(TransformerEncoderLayer layer) {
        MultiheadAttention attention = layer.selfAttn;
        @Nullable
        Tensor[] all = {
            attention.inProjWeight,
            attention.inProjBias,
            attention.outProj.weight,
            attention.outProj.bias,
            layer.norm1.weight,
            layer.norm1.bias,
            layer.norm2.weight,
            layer.norm2.bias,
            layer.linear1.weight,
            layer.linear1.bias,
            layer.linear2.weight,
            layer.linear2.bias
        };
        List<Tensor> present = new ArrayList<>(all.length);
        for (Tensor parameter : all) {
            if (parameter != null) {
                present.add(parameter);
            }
        }
        return present;
    }

    /** Whether the kernel may take what the layer holds: on a device that has it, and no derivative asked for. */
    static boolean isFree(Tensor src, TransformerEncoderLayer layer) {
        if (!DEVICES.contains(src.device().type())) {
            return false;
        }
        return !Autograd.isGradEnabled()
                || (!src.requiresGrad() && parameters(layer).stream().noneMatch(Tensor::requiresGrad));
    }

    /** What a layer gives where the kernel {@link #fits}. */
    static Tensor run(TransformerEncoderLayer layer, TransformerEncoderLayer.Input in) {
        boolean masked = in.srcMask() != null || in.srcKeyPaddingMask() != null;
        return masked || !isLarge(layer, in.src()) ? kernel(layer, in) : separately(layer, in.src());
    }

    private static boolean isLarge(TransformerEncoderLayer layer, Tensor src) {
        return !src.isNested()
                && src.device().equals(Device.CPU)
                && src.layout() == Layout.STRIDED
                && src.dtype() == DType.FLOAT32
                && src.numel() * layer.linear1.outFeatures() >= LARGE;
    }

    /** Without a mask. The layer's modules are not called, as the kernel does not call them. */
    static Tensor separately(TransformerEncoderLayer layer, Tensor src) {
        Tensor x = src;
        if (layer.normFirst) {
            x = attention(layer.selfAttn, normalised(layer.norm1, x)).add_(x);
            return feedForward(layer, normalised(layer.norm2, x)).add_(x);
        }
        x = normalised(layer.norm1, attention(layer.selfAttn, x).add_(x));
        return normalised(layer.norm2, feedForward(layer, x).add_(x));
    }

    private static Tensor attention(MultiheadAttention attention, Tensor x) {
        long n = x.size(0);
        long length = x.size(1);
        Tensor projected = x.linear(Objects.requireNonNull(attention.inProjWeight), attention.inProjBias)
                .view(n, length, 3, attention.numHeads(), attention.headDim())
                .permute(2, 0, 3, 1, 4);
        Tensor heads =
                F.scaledDotProductAttention(projected.select(0, 0), projected.select(0, 1), projected.select(0, 2));
        return heads.transpose(1, 2)
                .reshape(n, length, attention.embedDim())
                .linear(attention.outProj.weight, attention.outProj.bias);
    }

    private static Tensor feedForward(TransformerEncoderLayer layer, Tensor x) {
        Tensor wide = x.linear(layer.linear1.weight, layer.linear1.bias);
        Tensor active = layer.function.kernelWith(layer.activation) == 2 ? F.gelu(wide) : wide.relu_();
        return active.linear(layer.linear2.weight, layer.linear2.bias);
    }

    private static Tensor normalised(LayerNorm norm, Tensor x) {
        return x.layerNorm(new long[] {x.size(-1)}, norm.weight, norm.bias, norm.eps());
    }

    /** In one kernel. */
    static Tensor kernel(TransformerEncoderLayer layer, TransformerEncoderLayer.Input in) {
        MultiheadAttention attention = layer.selfAttn;
        AttentionMasks.Merged merged =
                AttentionMasks.merge(in.srcMask(), in.srcKeyPaddingMask(), in.src(), attention.numHeads());
        List<Tensor> p = parameters(layer);
        return (Tensor) KERNEL.call(
                        in.src(),
                        attention.embedDim(),
                        attention.numHeads(),
                        p.get(0),
                        p.get(1),
                        p.get(2),
                        p.get(3),
                        layer.function.kernelWith(layer.activation) == 2,
                        layer.normFirst,
                        layer.norm1.eps(),
                        p.get(4),
                        p.get(5),
                        p.get(6),
                        p.get(7),
                        p.get(8),
                        p.get(9),
                        p.get(10),
                        p.get(11),
                        merged.mask(),
                        merged.type())
                .get(0);
    }
}
