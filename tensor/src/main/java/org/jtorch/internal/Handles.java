package org.jtorch.internal;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.engine.Doors;

/** The way from a {@link Tensor} to the engine's handle and back, for the packages of this module. */
public final class Handles {

    private static final Doors.Tensors<Tensor> DOOR = Doors.tensors(Tensor.class);

    private Handles() {}

    /** Makes sure that the engine and {@link Tensor} are there; a program may begin with something else than a tensor. */
    public static void load() {
        // the work is the static initialiser's
    }

    /** The engine's handle; the tensor goes on owning it. */
    public static org.bytedeco.pytorch.Tensor of(Tensor tensor) {
        return DOOR.handle(tensor);
    }

    /** A tensor that owns {@code handle}, itself owned by the current scope. */
    public static Tensor own(org.bytedeco.pytorch.Tensor handle) {
        return DOOR.own(handle);
    }

    /** As {@link #own(org.bytedeco.pytorch.Tensor)} of each; null for one that is null. */
    public static List<@Nullable Tensor> own(List<org.bytedeco.pytorch.@Nullable Tensor> handles) {
        List<@Nullable Tensor> tensors = new ArrayList<>(handles.size());
        for (org.bytedeco.pytorch.Tensor handle : handles) {
            tensors.add(handle == null ? null : own(handle));
        }
        return tensors;
    }

    /** The engine's list of {@code tensors}; the caller closes it. */
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
     * @param tensors what is differentiated
     * @param gradients one for each; null for ones
     */
    public static void checkGradients(List<? extends Tensor> tensors, List<? extends @Nullable Tensor> gradients) {
        DOOR.checkGradients(tensors, gradients);
    }
}
