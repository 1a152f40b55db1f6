package org.jtorch;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;

/** Computes what an operator would compute in one dtype with the kernel of a wider one, on the CPU. */
final class Rounding {

    private Rounding() {}

    /**
     * Returns the dtype in which the engine would compute: that of autocast, or the common one of the tensors. Returns null if the
     * tensors are not on the CPU, have several dtypes, are not floating-point or are float64.
     *
     * @param casts whether autocast applies to the operator
     */
    static @Nullable ScalarType common(boolean casts, org.bytedeco.pytorch.Tensor... tensors) {
        boolean autocast = casts && Modes.isAutocastEnabled(DeviceType.CPU);
        int first = tensors[0].scalar_type().value;
        for (org.bytedeco.pytorch.Tensor tensor : tensors) {
            int type = tensor.scalar_type().value;
            if (!tensor.is_cpu()
                    || !tensor.is_floating_point()
                    || type == ScalarType.Double.value
                    || (!autocast && type != first)) {
                return null;
            }
        }
        return autocast ? Modes.autocastDtype(DeviceType.CPU) : tensors[0].scalar_type();
    }

    /** Returns a tensor rounded to one dtype, in another. The caller owns the handle. */
    static org.bytedeco.pytorch.Tensor widened(
            org.bytedeco.pytorch.Tensor tensor, ScalarType rounded, ScalarType wide) {
        try (org.bytedeco.pytorch.Tensor low = tensor.to(rounded)) {
            return low.to(wide);
        }
    }

    /** Runs {@code body} with autocast off for the CPU. */
    static <T> T withoutAutocast(Supplier<T> body) {
        return Modes.isAutocastEnabled(DeviceType.CPU) ? Modes.withoutAutocast(DeviceType.CPU, body) : body.get();
    }
}
