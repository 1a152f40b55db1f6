package org.jtorch.nn;

import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;

/**
 * A parameter or buffer whose shape is not known yet. It has a dtype and a device, which {@code module.to} changes; anything
 * else that is done with it throws until {@link #materialize} gives it a shape. PyTorch's {@code UninitializedTensorMixin}.
 *
 * <p>The object stays when it gets its shape, and is then a parameter or buffer as any other.
 */
public sealed interface UninitializedTensor permits UninitializedParameter, UninitializedBuffer {

    /** Returns whether it has no shape yet. */
    boolean isUninitialized();

    /** Gives it a shape, and arbitrary values, on its device and of its dtype. */
    default void materialize(long... shape) {
        Tensor self = (Tensor) this;
        materialize(shape, self.device(), self.dtype());
    }

    /** Gives it a shape, and arbitrary values, on {@code device} and of {@code dtype}. */
    void materialize(long[] shape, Device device, DType dtype);

    /** Returns whether {@code tensor} has no shape yet: PyTorch's {@code is_lazy}. */
    static boolean isLazy(Tensor tensor) {
        return tensor.isUninitialized();
    }

    /** Returns what a state dict has of it: its data, or itself while that has no shape. */
    static Tensor orData(Tensor tensor) {
        return tensor.isUninitialized() ? tensor : tensor.data();
    }
}
