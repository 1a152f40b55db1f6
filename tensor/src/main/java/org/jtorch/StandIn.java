package org.jtorch;

/**
 * Supplies the tensor for which another tensor object stands. Every use of that object is a use of the tensor that this
 * interface returns to the current thread. Code that holds the object, such as a module that reads a field in its forward
 * method, then sees another value without knowing. Other tensors are not slowed down by this.
 *
 * <p>Parametrized weights are built on it. A {@link Substitution} makes any tensor stand for another for some time.
 */
@FunctionalInterface
public interface StandIn {

    /** Returns the tensor for the current thread. It is called at every use. A new tensor belongs to the current scope. */
    Tensor current();

    /** Returns the tensor itself, or the one for which it stands now. */
    static Tensor resolve(Tensor tensor) {
        return tensor.current();
    }

    /** Returns another object for the same tensor, with the same history: for autograd, it is the same tensor. */
    static Tensor alias(Tensor tensor) {
        return Ops.ownView(new org.bytedeco.pytorch.Tensor(tensor.handle()));
    }

    /**
     * Returns a number that is the same for all objects that hold or stand for one tensor, as long as one of them is open.
     */
    static long identity(Tensor tensor) {
        return tensor.handle().unsafeGetTensorImpl().address();
    }
}
