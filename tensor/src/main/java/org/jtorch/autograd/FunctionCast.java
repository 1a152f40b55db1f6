package org.jtorch.autograd;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.amp.Autocast;
import org.jtorch.amp.CustomCast;

/** Applies a {@link CustomCast} to one application of a function, with the settings of autocast at its creation. */
final class FunctionCast {

    /** Runs both passes with the settings of the thread. */
    private static final FunctionCast NONE = new FunctionCast(null, false, DType.FLOAT32);

    /** One pass of a function. */
    @FunctionalInterface
    interface Pass<R extends @Nullable Object> {
        R run(List<@Nullable Tensor> given);
    }

    private final @Nullable CustomCast custom;
    private final boolean enabled;
    private final DType dtype;

    private FunctionCast(@Nullable CustomCast custom, boolean enabled, DType dtype) {
        this.custom = custom;
        this.enabled = enabled;
        this.dtype = dtype;
    }

    static FunctionCast of(@Nullable CustomCast custom) {
        return custom == null
                ? NONE
                : new FunctionCast(custom, Autocast.isEnabled(custom.device()), Autocast.dtype(custom.device()));
    }

    List<Tensor> forward(List<Tensor> inputs, UnaryOperator<List<Tensor>> pass) {
        DType target = custom == null ? null : custom.castInputs();
        if (custom == null || target == null || !enabled) {
            return pass.apply(inputs);
        }
        Device device = custom.device();
        List<Tensor> given =
                inputs.stream().map(input -> cast(input, device, target)).toList();
        try (Autocast off = new Autocast(device, o -> o.enabled(false))) {
            return pass.apply(given);
        }
    }

    private static Tensor cast(Tensor input, Device device, DType target) {
        boolean eligible = input.isFloatingPoint()
                && input.dtype() != DType.FLOAT64
                && input.device().type().equals(device.type());
        return eligible ? input.to(target) : input;
    }

    <R extends @Nullable Object> R backward(List<@Nullable Tensor> grads, Pass<R> pass) {
        if (custom == null) {
            return pass.run(grads);
        }
        boolean on = enabled && custom.castInputs() == null;
        try (Autocast asInForward =
                new Autocast(custom.device(), o -> o.enabled(on).dtype(dtype))) {
            return pass.run(grads);
        }
    }
}
