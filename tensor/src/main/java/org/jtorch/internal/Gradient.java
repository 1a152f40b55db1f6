package org.jtorch.internal;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;

/**
 * The accumulated gradient of a tensor, which is examined without an object for it in Java. It is used within one step: a gradient
 * that the tensor gets later is another one.
 */
public final class Gradient {

    private final org.bytedeco.pytorch.Tensor handle;
    private @Nullable Tensor tensor;

    private Gradient(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    /** Returns the gradient of a tensor, or null if it has none. */
    public static @Nullable Gradient of(Tensor tensor) {
        org.bytedeco.pytorch.Tensor handle = Handles.gradient(tensor);
        return handle == null ? null : new Gradient(handle);
    }

    /** Returns the gradient as a tensor. The scope that was open at the first call owns it. */
    public Tensor tensor() {
        Tensor own = tensor;
        if (own == null) {
            // the copy keeps the memory if the gradient is dropped or replaced
            own = Handles.own(new org.bytedeco.pytorch.Tensor(handle));
            tensor = own;
        }
        return own;
    }

    /** Returns the engine's handle, for lists that copy it. */
    org.bytedeco.pytorch.Tensor handle() {
        return tensor == null ? handle : Handles.of(tensor);
    }

    /** Returns the type of the elements. */
    public DType dtype() {
        return Handles.dtype(handle().scalar_type());
    }

    /** Returns whether the gradient is on the CPU. */
    public boolean isCpu() {
        return handle().is_cpu();
    }

    /** Returns the device. */
    public Device device() {
        return tensor().device();
    }

    /** Returns whether the gradient is sparse COO. */
    public boolean isSparse() {
        return handle().is_sparse();
    }

    /** Returns whether the gradient is nested. */
    public boolean isNested() {
        return handle().is_nested();
    }

    /** Returns whether the memory contains the values: the gradient of a strided tensor is strided or sparse. */
    public boolean isPlain() {
        org.bytedeco.pytorch.Tensor own = handle();
        return !own.is_sparse() && !own.is_nested() && !own.is_conj() && !own.is_neg();
    }

    /**
     * Returns the sizes and strides of a gradient that is not nested.
     *
     * @param strided whether it has strides
     */
    public Extent extent(boolean strided) {
        return Extent.of(handle(), strided);
    }

    /** Returns the address of the first element of a strided gradient. */
    public long address() {
        return Extent.address(handle());
    }
}
