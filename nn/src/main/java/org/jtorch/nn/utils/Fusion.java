package org.jtorch.nn.utils;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.conv.ConvBase;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm;

/**
 * Merges batch normalizations into the layers before them. A batch normalization with fixed statistics multiplies and adds, so
 * its effect can be included in the weights of the layer before it.
 *
 * <pre>{@code
 * model.conv = Fusion.fuseConvBnEval(model.conv, model.bn);
 * model.bn = null;
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_eval.html">fuse_conv_bn_eval</a>
 */
public final class Fusion {

    private Fusion() {}

    /**
     * The parameters of a layer that does the work of both.
     *
     * @param weight a weight with the shape of the layer's
     * @param bias (C), where C is the number of channels; present even if the layer had none
     */
    public record Fused(Parameter weight, Parameter bias) {}

    // --- modules -----------------------------------------------------------------------------------------------

    /** Returns a convolution that computes {@code bn(conv(x))}; see {@link #fuseConvBnEval(ConvBase, BatchNorm, boolean)}. */
    public static <C extends ConvBase> C fuseConvBnEval(C conv, BatchNorm bn) {
        return fuseConvBnEval(conv, bn, false);
    }

    /**
     * Returns a convolution that computes {@code bn(conv(x))}. Both arguments are left unchanged.
     *
     * @param conv a convolution in eval mode
     * @param bn a batch normalization in eval mode, with running statistics
     * @param transpose whether {@code conv} is a transposed convolution; the default is {@code false}
     * @return a copy of {@code conv} with other parameters
     * @throws IllegalArgumentException if one of them is in training mode, or there are no running statistics
     */
    public static <C extends ConvBase> C fuseConvBnEval(C conv, BatchNorm bn, boolean transpose) {
        checkEval(conv, bn);
        Statistics statistics = Statistics.of(bn);
        C fused = Module.deepCopy(conv);
        Fused parameters = fuseConvBnWeights(
                fused.weight, fused.bias, statistics.mean, statistics.var, bn.eps(), bn.weight, bn.bias, transpose);
        fused.weight = parameters.weight;
        fused.bias = parameters.bias;
        return fused;
    }

    /**
     * Returns a linear layer that computes {@code bn(linear(x))}. Both arguments are left unchanged.
     *
     * @param linear a layer in eval mode
     * @param bn a batch normalization in eval mode, with running statistics; it has one feature, or as many as {@code linear}
     *     has outputs
     * @return a copy of {@code linear} with other parameters
     * @throws IllegalArgumentException if one of them is in training mode, if there are no running statistics, or if the
     *     numbers of features do not match
     */
    public static <L extends Linear> L fuseLinearBnEval(L linear, BatchNorm bn) {
        checkEval(linear, bn);
        if (linear.outFeatures() != bn.numFeatures() && bn.numFeatures() != 1) {
            throw new IllegalArgumentException(
                    "To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got linear.out_features="
                            + linear.outFeatures() + " and bn.num_features=" + bn.numFeatures());
        }
        Statistics statistics = Statistics.of(bn);
        L fused = Module.deepCopy(linear);
        Fused parameters = fuseLinearBnWeights(
                fused.weight, fused.bias, statistics.mean, statistics.var, bn.eps(), bn.weight, bn.bias);
        fused.weight = parameters.weight;
        fused.bias = parameters.bias;
        return fused;
    }

    private static void checkEval(Module<?, ?> first, BatchNorm bn) {
        if (first.isTraining() || bn.isTraining()) {
            throw new IllegalArgumentException("Fusion only for eval! Call eval() on both first: "
                    + (first.isTraining() ? first.className() : bn.className()) + " is in training mode");
        }
    }

    private record Statistics(Tensor mean, Tensor var) {
        static Statistics of(BatchNorm bn) {
            Tensor mean = bn.runningMean;
            Tensor var = bn.runningVar;
            if (mean == null || var == null) {
                throw new IllegalArgumentException("bn.running_mean and bn.running_var must not be None");
            }
            return new Statistics(mean, var);
        }
    }

    // --- parameters --------------------------------------------------------------------------------------------

    /** Returns the joint parameters of a convolution that is not transposed and a batch normalization. */
    public static Fused fuseConvBnWeights(
            Tensor convW,
            @Nullable Tensor convB,
            Tensor bnRm,
            Tensor bnRv,
            double bnEps,
            @Nullable Tensor bnW,
            @Nullable Tensor bnB) {
        return fuseConvBnWeights(convW, convB, bnRm, bnRv, bnEps, bnW, bnB, false);
    }

    /**
     * Returns the joint parameters of a convolution and a batch normalization. They have the dtypes of the convolution's
     * parameters, and require grad if those do.
     *
     * @param convW (C, in, *); (in, C, *) for a transposed convolution
     * @param convB (C), or null for zeros
     * @param bnRm the running mean, (C)
     * @param bnRv the running variance, (C)
     * @param bnEps the number added to the variance
     * @param bnW (C), or null for ones
     * @param bnB (C), or null for zeros
     * @param transpose whether the convolution is transposed; the default is {@code false}
     */
    public static Fused fuseConvBnWeights(
            Tensor convW,
            @Nullable Tensor convB,
            Tensor bnRm,
            Tensor bnRv,
            double bnEps,
            @Nullable Tensor bnW,
            @Nullable Tensor bnB,
            boolean transpose) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            Tensor rsqrt = bnRv.add(bnEps).rsqrt();
            Tensor factor = or(bnW, () -> Torch.onesLike(bnRm));
            long[] channels = new long[convW.dim()];
            Arrays.fill(channels, 1);
            channels[transpose ? 1 : 0] = -1;
            Tensor weight = convW.mul(factor.mul(rsqrt).reshape(channels)).to(convW.dtype());
            Tensor bias = or(convB, () -> Torch.zerosLike(bnRm))
                    .sub(bnRm)
                    .mul(rsqrt)
                    .mul(factor)
                    .add(or(bnB, () -> Torch.zerosLike(bnRm)));
            return fused(weight, bias, convW, convB);
        }
    }

    /**
     * Returns the joint parameters of a linear layer and a batch normalization. They have the dtypes of the layer's parameters,
     * and require grad if those do.
     *
     * @param linearW (out, in)
     * @param linearB (out), or null for zeros
     * @param bnRm the running mean, (out) or (1)
     * @param bnRv the running variance, (out) or (1)
     * @param bnEps the number added to the variance
     * @param bnW (out) or (1), or null for ones, which PyTorch does not accept
     * @param bnB (out) or (1), or null for zeros, which PyTorch does not accept
     */
    public static Fused fuseLinearBnWeights(
            Tensor linearW,
            @Nullable Tensor linearB,
            Tensor bnRm,
            Tensor bnRv,
            double bnEps,
            @Nullable Tensor bnW,
            @Nullable Tensor bnB) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            Tensor scale =
                    or(bnW, () -> Torch.onesLike(bnRm)).mul(bnRv.add(bnEps).rsqrt());
            Tensor weight = linearW.mul(scale.unsqueeze(-1).to(linearW.dtype()));
            Tensor bias = or(linearB, () -> Torch.zerosLike(bnRm))
                    .sub(bnRm)
                    .mul(scale)
                    .add(or(bnB, () -> Torch.zerosLike(bnRm)));
            return fused(weight, bias, linearW, linearB);
        }
    }

    private static Fused fused(Tensor weight, Tensor bias, Tensor oldWeight, @Nullable Tensor oldBias) {
        DType biasType = oldBias == null ? oldWeight.dtype() : oldBias.dtype();
        return new Fused(
                new Parameter(weight, oldWeight.requiresGrad()),
                new Parameter(bias.to(biasType), oldBias != null && oldBias.requiresGrad()));
    }

    private static Tensor or(@Nullable Tensor tensor, Supplier<Tensor> otherwise) {
        return tensor == null ? otherwise.get() : tensor;
    }
}
