package org.jtorch.internal;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;

/** What of a tensor stays the same as long as it holds the same: asked for once, since each question costs a native call. */
public final class TensorKind {

    private final org.bytedeco.pytorch.Tensor handle;
    private final DType dtype;
    private final Device device;
    private final Layout layout;
    private final boolean nested;
    private final boolean conj;
    private final boolean neg;

    private TensorKind(Tensor tensor) {
        handle = Handles.of(tensor);
        dtype = tensor.dtype();
        device = tensor.device();
        layout = tensor.layout();
        nested = handle.is_nested();
        conj = handle.is_conj();
        neg = handle.is_neg();
    }

    /** The tensor's kind; {@code known} if that was its kind before and it still holds the same. */
    public static TensorKind of(Tensor tensor, @Nullable TensorKind known) {
        return known != null && known.handle == Handles.of(tensor) ? known : new TensorKind(tensor);
    }

    /** Whether a tensor is a sparse COO one. */
    public static boolean isSparse(Tensor tensor) {
        return Handles.of(tensor).is_sparse();
    }

    /** The elements' type. */
    public DType dtype() {
        return dtype;
    }

    /** Where it lives. */
    public Device device() {
        return device;
    }

    /** How it lies in memory. */
    public Layout layout() {
        return layout;
    }

    /** Whether it is a batch of tensors of different shapes, whose sizes cannot be asked for. */
    public boolean isNested() {
        return nested;
    }

    /** Whether it is a lazy conjugate of what its memory holds. */
    public boolean isConj() {
        return conj;
    }

    /** Whether it is strided, and its memory holds its values. */
    public boolean isPlain() {
        return layout == Layout.STRIDED && !nested && !conj && !neg;
    }

    /** As {@link #isPlain()}, of the gradient of a strided parameter, which is strided too or else sparse. */
    public static boolean isPlainGradient(Tensor gradient) {
        org.bytedeco.pytorch.Tensor handle = Handles.of(gradient);
        return !handle.is_sparse() && !handle.is_nested() && !handle.is_conj() && !handle.is_neg();
    }
}
