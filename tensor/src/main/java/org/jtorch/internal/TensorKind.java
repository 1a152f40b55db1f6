package org.jtorch.internal;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;

/**
 * The properties of a tensor that stay the same as long as its data is not replaced. They are cached, since each query is a
 * native call.
 */
public final class TensorKind {

    private final org.bytedeco.pytorch.Tensor handle;
    private final DType dtype;
    private final Device device;
    private final Layout layout;
    private final boolean nested;
    private final boolean conj;
    private final boolean neg;
    private final boolean inference;

    private TensorKind(Tensor tensor) {
        handle = Handles.of(tensor);
        dtype = tensor.dtype();
        device = tensor.device();
        layout = tensor.layout();
        nested = handle.is_nested();
        conj = handle.is_conj();
        neg = handle.is_neg();
        inference = handle.is_inference();
    }

    /** Returns the kind of a tensor. This is {@code known} if that was its kind before and its data was not replaced. */
    public static TensorKind of(Tensor tensor, @Nullable TensorKind known) {
        return known != null && known.handle == Handles.of(tensor) ? known : new TensorKind(tensor);
    }

    /** Returns the type of the elements. */
    public DType dtype() {
        return dtype;
    }

    /** Returns the device. */
    public Device device() {
        return device;
    }

    /** Returns the layout in memory. */
    public Layout layout() {
        return layout;
    }

    /** Returns whether this is a nested tensor, whose sizes cannot be queried. */
    public boolean isNested() {
        return nested;
    }

    /** Returns whether this is a lazy conjugate of its storage. */
    public boolean isConj() {
        return conj;
    }

    /** Returns whether this tensor was made in inference mode, so that it can be changed only there. */
    public boolean isInference() {
        return inference;
    }

    /** Returns whether this is a strided tensor whose memory contains its values. */
    public boolean isPlain() {
        return layout == Layout.STRIDED && !nested && !conj && !neg;
    }
}
