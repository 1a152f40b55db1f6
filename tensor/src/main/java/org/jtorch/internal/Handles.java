package org.jtorch.internal;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.internal.engine.Doors;

/** Converts between a {@link Tensor}, or a {@link DType}, and what the engine has for it, for the packages of this module. */
public final class Handles {

    private static final Doors.Tensors<Tensor> DOOR = Doors.tensors(Tensor.class);

    private static final Doors.DTypes<DType> DTYPES = Doors.dtypes(DType.class);

    private Handles() {}

    /** Loads the engine and {@link Tensor}, for programs that do not begin with a tensor. */
    public static void load() {
        // the static initializer loads it
    }

    /** Returns the engine's handle. The tensor keeps the ownership. */
    public static org.bytedeco.pytorch.Tensor of(Tensor tensor) {
        return DOOR.handle(tensor);
    }

    /** Returns a tensor that owns {@code handle}. The current scope owns the tensor. */
    public static Tensor own(org.bytedeco.pytorch.Tensor handle) {
        return DOOR.own(handle);
    }

    /** Returns the engine's accumulated gradient, or null. The tensor keeps the ownership. */
    public static org.bytedeco.pytorch.@Nullable Tensor gradient(Tensor tensor) {
        return DOOR.gradient(tensor);
    }

    /** Returns the engine's type. */
    public static ScalarType scalarType(DType dtype) {
        return DTYPES.scalarType(dtype);
    }

    /** Returns the dtype for the engine's type. */
    public static DType dtype(ScalarType type) {
        return DTYPES.of(type);
    }

    /** Returns a tensor for each handle, as {@link #own(org.bytedeco.pytorch.Tensor)}; null for null. */
    public static List<@Nullable Tensor> own(List<org.bytedeco.pytorch.@Nullable Tensor> handles) {
        List<@Nullable Tensor> tensors = new ArrayList<>(handles.size());
        for (org.bytedeco.pytorch.Tensor handle : handles) {
            tensors.add(handle == null ? null : own(handle));
        }
        return tensors;
    }

    /** Returns the engine's list of {@code tensors}, which the caller must close. */
    public static TensorVector vector(Iterable<? extends Tensor> tensors) {
        TensorVector vector = new TensorVector();
        for (Tensor tensor : tensors) {
            vector.push_back(of(tensor));
        }
        return vector;
    }

    /**
     * Refuses gradients that do not fit.
     *
     * @param tensors the tensors that are differentiated
     * @param gradients a gradient for each tensor; null for ones
     */
    public static void checkGradients(List<? extends Tensor> tensors, List<? extends @Nullable Tensor> gradients) {
        DOOR.checkGradients(tensors, gradients);
    }
}
