package org.jtorch.amp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;

/**
 * What an {@link org.jtorch.autograd.Function} does under autocast: PyTorch's {@code torch.amp.custom_fwd} and {@code
 * custom_bwd}. The backward pass of the function runs with the settings that its forward pass had.
 *
 * @param device a device of the kind whose autocast is meant; its index has no meaning
 * @param castInputs the dtype to which inputs are cast if the function is applied under autocast, or null. Inputs are cast
 *     if they are on such a device and have a floating-point dtype other than {@code float64}. The forward and the backward
 *     pass then run with autocast off
 */
public record CustomCast(Device device, @Nullable DType castInputs) {

    /** Creates a custom cast. */
    public CustomCast {
        Objects.requireNonNull(device, "device");
    }

    /** Only keeps the settings of the forward pass for the backward pass. */
    public static CustomCast none(Device device) {
        return new CustomCast(device, null);
    }

    /** Casts inputs to {@code dtype}, and turns autocast off. */
    public static CustomCast inputs(Device device, DType dtype) {
        return new CustomCast(device, Objects.requireNonNull(dtype, "dtype"));
    }
}
