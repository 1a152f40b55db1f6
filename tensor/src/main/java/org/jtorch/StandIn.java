package org.jtorch;

/**
 * What a tensor object stands for that holds nothing itself. Every use of such an object is a use of what this gives to the
 * using thread, so that code which holds the object, such as a module's forward that reads a field, sees another value without
 * knowing. Tensors that stand for themselves, all but a few, pay nothing for it.
 *
 * <p>Parametrized weights are built on it. A {@link Substitution} has any tensor stand for another for a while.
 */
@FunctionalInterface
public interface StandIn {

    /** What the object stands for now, on this thread; asked at every use. A fresh tensor belongs to the current scope. */
    Tensor current();

    /** The tensor itself, or what it stands for now. */
    static Tensor resolve(Tensor tensor) {
        return tensor.current();
    }

    /** Another object for what {@code tensor} holds or stands for, with its history: the same tensor to autograd. */
    static Tensor alias(Tensor tensor) {
        return Ops.ownView(new org.bytedeco.pytorch.Tensor(tensor.handle()));
    }

    /** The same number for all objects that hold or stand for one tensor, as long as one of them is open. */
    static long identity(Tensor tensor) {
        return tensor.handle().unsafeGetTensorImpl().address();
    }
}
