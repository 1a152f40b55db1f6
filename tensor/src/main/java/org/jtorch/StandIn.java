package org.jtorch;

import java.util.function.Function;

/**
 * What a tensor object stands for that holds nothing itself. Every use of such an object is a use of what this gives to the
 * using thread, so that code which holds the object, such as a module's forward that reads a field, sees another value without
 * knowing. Tensors that stand for themselves, all but a few, pay nothing for it.
 *
 * <p>Parametrized weights and functional calls are built on it.
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

    /**
     * Lets a tensor stand for what {@code standIn} says, until {@link #takeBack}. Other threads may go on using it.
     *
     * @param tensor a tensor that stands for itself
     * @param standIn makes the stand-in from the object that holds from now on what {@code tensor} held
     * @return that object
     */
    static Tensor lend(Tensor tensor, Function<Tensor, StandIn> standIn) {
        return tensor.lend(standIn);
    }

    /**
     * Ends what {@link #lend} began: the tensor stands for itself again.
     *
     * @param tensor what was lent
     * @param lent what {@link #lend} gave
     */
    static void takeBack(Tensor tensor, Tensor lent) {
        tensor.takeBack(lent);
    }
}
