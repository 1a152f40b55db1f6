package org.jtorch;

import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;

/**
 * Convolutions in bfloat16 on the CPU, computed in float32 with the result rounded to bfloat16. The kernels of the engine's
 * oneDNN return wrong values and gradients for many numbers of channels, depending on the processor: a convolution of 2 by 2
 * ones with 2 by 2 ones may be 1 and not 4.
 *
 * @see <a href="https://github.com/pytorch/pytorch/issues/163347">PyTorch: Incorrect bf16 results in Conv</a>
 * @see <a href="https://github.com/pytorch/pytorch/issues/169688">PyTorch: Stride 3 bfloat16 convolutions appear
 *     incorrect</a>
 */
final class Bfloat16Convolutions {

    /** The operators with input, weight and bias in this order. */
    private static final Set<String> NAMES = Set.of(
            "aten::conv1d",
            "aten::conv2d",
            "aten::conv3d",
            "aten::conv_transpose1d",
            "aten::conv_transpose2d",
            "aten::conv_transpose3d",
            "aten::convolution");

    /** The engine's function, with its other arguments. */
    @FunctionalInterface
    interface Kernel {
        org.bytedeco.pytorch.Tensor run(
                org.bytedeco.pytorch.Tensor input, org.bytedeco.pytorch.Tensor weight, TensorOptional bias);
    }

    private Bfloat16Convolutions() {}

    /** Runs a convolution. The caller owns the handle. The thread's modes must be set. */
    static org.bytedeco.pytorch.Tensor run(
            org.bytedeco.pytorch.Tensor input, org.bytedeco.pytorch.Tensor weight, TensorOptional bias, Kernel kernel) {
        boolean cast = castsToBfloat16();
        boolean biased = bias.has_value();
        if (!isBfloat16(input, cast) || !isBfloat16(weight, cast) || (biased && !isBfloat16(bias.get(), cast))) {
            return kernel.run(input, weight, bias);
        }
        try (org.bytedeco.pytorch.Tensor x = rounded(input);
                org.bytedeco.pytorch.Tensor w = rounded(weight);
                TensorOptional b = biased ? optionalRounded(bias.get()) : new TensorOptional();
                org.bytedeco.pytorch.Tensor result =
                        cast ? Modes.withoutAutocast(DeviceType.CPU, () -> kernel.run(x, w, b)) : kernel.run(x, w, b)) {
            return result.to(ScalarType.BFloat16);
        }
    }

    private static TensorOptional optionalRounded(org.bytedeco.pytorch.Tensor tensor) {
        try (org.bytedeco.pytorch.Tensor rounded = rounded(tensor)) {
            return new TensorOptional(rounded);
        }
    }

    private static org.bytedeco.pytorch.Tensor rounded(org.bytedeco.pytorch.Tensor tensor) {
        try (org.bytedeco.pytorch.Tensor low = tensor.to(ScalarType.BFloat16)) {
            return low.to(ScalarType.Float);
        }
    }

    private static boolean castsToBfloat16() {
        return Modes.isAutocastEnabled(DeviceType.CPU) && Modes.autocastDtype(DeviceType.CPU) == ScalarType.BFloat16;
    }

    /** Returns whether the engine would convolve the tensor in bfloat16, as it is or by autocast. */
    private static boolean isBfloat16(org.bytedeco.pytorch.Tensor tensor, boolean cast) {
        int type = tensor.scalar_type().value;
        boolean low = cast
                ? tensor.is_floating_point() && type != ScalarType.Double.value
                : type == ScalarType.BFloat16.value && !autocasts();
        return low && tensor.is_cpu();
    }

    /** Returns whether autocast to another dtype is on, which float16 is. */
    private static boolean autocasts() {
        return Modes.isAutocastEnabled(DeviceType.CPU);
    }

    /** Returns whether an operator that is called by name is a convolution. */
    static boolean isOne(String operator) {
        return NAMES.contains(operator);
    }

    /** Runs a convolution that is called by name, or returns null if it is not one in bfloat16 on the CPU. */
    static @Nullable List<Object> call(Operator operator, @Nullable Object[] values) {
        boolean cast = castsToBfloat16() && !operator.toString().equals("aten::convolution");
        for (int i = 0; i < 3 && i < values.length; i++) {
            boolean absent = i == 2 && values[i] == null;
            if (!absent && !(values[i] instanceof Tensor tensor && isBfloat16(tensor.handle(), cast))) {
                return null;
            }
        }
        @Nullable Object[] wide = values.clone();
        for (int i = 0; i < 3 && i < values.length; i++) {
            if (values[i] instanceof Tensor tensor) {
                wide[i] = tensor.to(DType.BFLOAT16).to(DType.FLOAT32);
            }
        }
        ScalarType dtype = Modes.autocastDtype(DeviceType.CPU);
        try (Modes.Mode off = Modes.autocast(DeviceType.CPU, false, dtype, Modes.isAutocastCacheEnabled())) {
            return List.of(((Tensor) operator.call(wide).get(0)).to(DType.BFLOAT16));
        }
    }
}
