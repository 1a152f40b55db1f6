package org.jtorch;

import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;
import org.jtorch.internal.engine.OneDnnCheck;
import org.jtorch.internal.engine.SerialBlas;

/**
 * Convolutions. On machines on which oneDNN computes wrong ones ({@link OneDnnCheck}), those on the CPU are computed in float64, for
 * which the engine has kernels of its own, and the result is rounded.
 */
final class Convolutions {

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

    private Convolutions() {}

    /** Runs a convolution. The caller owns the handle. The thread's modes must be set. */
    static org.bytedeco.pytorch.Tensor run(
            org.bytedeco.pytorch.Tensor input, org.bytedeco.pytorch.Tensor weight, TensorOptional bias, Kernel kernel) {
        if (OneDnnCheck.convolutionsAreRight()) {
            return input.scalar_type().value == ScalarType.Double.value
                    ? SerialBlas.run(() -> kernel.run(input, weight, bias))
                    : kernel.run(input, weight, bias);
        }
        ScalarType dtype = bias.has_value()
                ? Rounding.common(true, input, weight, bias.get())
                : Rounding.common(true, input, weight);
        if (dtype == null) {
            return SerialBlas.run(() -> kernel.run(input, weight, bias));
        }
        try (org.bytedeco.pytorch.Tensor x = Rounding.widened(input, dtype, ScalarType.Double);
                org.bytedeco.pytorch.Tensor w = Rounding.widened(weight, dtype, ScalarType.Double);
                TensorOptional b = bias.has_value() ? widened(bias.get(), dtype) : new TensorOptional();
                org.bytedeco.pytorch.Tensor result =
                        SerialBlas.run(() -> Rounding.withoutAutocast(() -> kernel.run(x, w, b)))) {
            return result.to(dtype);
        }
    }

    private static TensorOptional widened(org.bytedeco.pytorch.Tensor tensor, ScalarType dtype) {
        try (org.bytedeco.pytorch.Tensor wide = Rounding.widened(tensor, dtype, ScalarType.Double)) {
            return new TensorOptional(wide);
        }
    }

    /** Returns whether an operator that is called by name is a convolution. */
    static boolean isOne(String operator) {
        return NAMES.contains(operator);
    }

    /** Runs a convolution that is called by name in float64, or returns null if it can be called as it is. */
    static @Nullable List<Object> call(Operator operator, @Nullable Object[] values) {
        if (OneDnnCheck.convolutionsAreRight()
                || values.length < 3
                || !(values[0] instanceof Tensor input)
                || !(values[1] instanceof Tensor weight)
                || !(values[2] == null || values[2] instanceof Tensor)) {
            return null;
        }
        Modes.apply();
        // autocast knows the functions of one number of dimensions, not the operator below them
        boolean casts = !operator.toString().equals("aten::convolution");
        ScalarType common = values[2] instanceof Tensor bias
                ? Rounding.common(casts, input.handle(), weight.handle(), bias.handle())
                : Rounding.common(casts, input.handle(), weight.handle());
        if (common == null) {
            return null;
        }
        DType dtype = DType.of(common);
        @Nullable Object[] wide = values.clone();
        for (int i = 0; i < 3; i++) {
            if (values[i] instanceof Tensor tensor) {
                wide[i] = tensor.to(dtype).to(DType.FLOAT64);
            }
        }
        return List.of(((Tensor) operator.call(wide).get(0)).to(dtype));
    }
}
