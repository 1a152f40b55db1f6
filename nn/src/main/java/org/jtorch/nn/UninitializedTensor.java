package org.jtorch.nn;

import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;

/**
 * A parameter or buffer whose shape is not known yet: PyTorch's {@code UninitializedTensorMixin}. It has a dtype and a device,
 * which {@code module.to} changes. Any other operation on it throws until {@link #materialize} gives it a shape.
 *
 * <p>The object stays the same when it receives its shape, and is then an ordinary parameter or buffer.
 */
public sealed interface UninitializedTensor permits UninitializedParameter, UninitializedBuffer {

    /** Returns whether it has no shape yet. */
    boolean isUninitialized();

    /** Gives this tensor a shape on its device and with its dtype. The values are arbitrary. */
    default void materialize(long... shape) {
        Tensor self = (Tensor) this;
        materialize(shape, self.device(), self.dtype());
    }

    /** Gives this tensor a shape on {@code device} and with {@code dtype}. The values are arbitrary. */
    void materialize(long[] shape, Device device, DType dtype);

    /** Returns whether {@code tensor} has no shape yet: PyTorch's {@code is_lazy}. */
    static boolean isLazy(Tensor tensor) {
        return tensor.isUninitialized();
    }

    /** Returns what a state dict holds for the tensor: its data, or the tensor itself if it has no shape. */
    static Tensor orData(Tensor tensor) {
        return tensor.isUninitialized() ? tensor : tensor.data();
    }
}
