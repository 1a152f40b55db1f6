package org.jtorch;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.jspecify.annotations.Nullable;

/**
 * Options of a factory: dtype, device, and whether the result requires grad. Immutable. An option that is not set has the
 * factory's default ({@code float32} on the CPU, or that of the tensor whose shape is used).
 *
 * <pre>{@code
 * Torch.zeros(new long[] {2, 3}, TensorOptions.of(DType.FLOAT64).requiresGrad(true));
 * }</pre>
 */
public final class TensorOptions {

    /** Options of which none is set. */
    public static final TensorOptions DEFAULT = new TensorOptions(null, null, null);

    private final @Nullable DType dtype;
    private final @Nullable Device device;
    private final @Nullable Boolean requiresGrad;
    private org.bytedeco.pytorch.@Nullable TensorOptions handle;

    private TensorOptions(@Nullable DType dtype, @Nullable Device device, @Nullable Boolean requiresGrad) {
        this.dtype = dtype;
        this.device = device;
        this.requiresGrad = requiresGrad;
    }

    /** Returns options with the dtype set. */
    public static TensorOptions of(DType dtype) {
        return DEFAULT.dtype(dtype);
    }

    /** Returns options with the device set. */
    public static TensorOptions of(Device device) {
        return DEFAULT.device(device);
    }

    /** Returns options with the dtype, device and layout of {@code like}. */
    public static TensorOptions like(Tensor like) {
        return of(like.dtype()).device(like.device());
    }

    /** Returns these options with another dtype. */
    public TensorOptions dtype(DType newDtype) {
        return new TensorOptions(newDtype, device, requiresGrad);
    }

    /** Returns these options with another device. */
    public TensorOptions device(Device newDevice) {
        return new TensorOptions(dtype, newDevice, requiresGrad);
    }

    /** Returns these options with requiresGrad set: whether autograd records operations on the result. */
    public TensorOptions requiresGrad(boolean newRequiresGrad) {
        return new TensorOptions(dtype, device, newRequiresGrad);
    }

    /** Returns the dtype, or null for the factory's default. */
    public @Nullable DType dtype() {
        return dtype;
    }

    /** Returns the device, or null for the factory's default. */
    public @Nullable Device device() {
        return device;
    }

    /** Returns whether the result requires grad, or null for the default, which is false. */
    public @Nullable Boolean requiresGrad() {
        return requiresGrad;
    }

    /** Returns the engine's form, which is created once for each instance. */
    org.bytedeco.pytorch.TensorOptions handle() {
        org.bytedeco.pytorch.TensorOptions current = handle;
        if (current == null) {
            Ops.load();
            current = new org.bytedeco.pytorch.TensorOptions();
            if (dtype != null) {
                current = current.dtype(new ScalarTypeOptional(dtype.scalarType));
            }
            if (device != null) {
                current = current.device(new DeviceOptional(device.handle()));
            }
            if (requiresGrad != null) {
                current = current.requires_grad(new BoolOptional(requiresGrad));
            }
            handle = current;
        }
        return current;
    }

    @Override
    public String toString() {
        return "TensorOptions(dtype=" + dtype + ", device=" + device + ", requires_grad=" + requiresGrad + ")";
    }
}
