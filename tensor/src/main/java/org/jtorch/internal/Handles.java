package org.jtorch.internal;

import org.bytedeco.pytorch.TensorVector;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** The way from a {@link Tensor} to the engine's handle and back, for the packages of this module. */
public final class Handles {

    /** Implemented beside {@link Tensor}, which keeps its handle to its package. */
    public interface Access {

        /** See {@link Handles#of}. */
        org.bytedeco.pytorch.Tensor handle(Tensor tensor);

        /** See {@link Handles#own}. */
        Tensor own(org.bytedeco.pytorch.Tensor handle);

        /** See {@link Handles#failure}. */
        RuntimeException failure(String operator, RuntimeException e);

        /** See {@link Handles#tapping}. */
        void tapping(boolean on);
    }

    private static @Nullable Access access;

    private Handles() {}

    /** Called once, by the class initialiser of {@link Tensor}. */
    public static void install(Access implementation) {
        access = implementation;
    }

    private static Access access() {
        Access current = access;
        if (current == null) {
            initialise();
            current = access;
        }
        if (current == null) {
            throw new IllegalStateException("Tensor is not initialised");
        }
        return current;
    }

    /** Runs the class initialiser of {@link Tensor}, which installs; a program may begin with something else than a tensor. */
    private static void initialise() {
        try {
            Class.forName(Tensor.class.getName(), true, Handles.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The engine's handle; the tensor goes on owning it. */
    public static org.bytedeco.pytorch.Tensor of(Tensor tensor) {
        return access().handle(tensor);
    }

    /** A tensor that owns {@code handle}, itself owned by the current scope. */
    public static Tensor own(org.bytedeco.pytorch.Tensor handle) {
        return access().own(handle);
    }

    /** The engine's list of {@code tensors}; the caller closes it. */
    public static TensorVector vector(Iterable<? extends Tensor> tensors) {
        TensorVector vector = new TensorVector();
        for (Tensor tensor : tensors) {
            vector.push_back(of(tensor));
        }
        return vector;
    }

    /** What to throw for a failure {@code e} of {@code operator}: the engine's translated, others as they are. */
    public static RuntimeException failure(String operator, RuntimeException e) {
        return access().failure(operator, e);
    }

    /** Has the operations tell {@link Anomalies} what they made, or stops it. */
    static void tapping(boolean on) {
        access().tapping(on);
    }
}
