package org.jtorch.internal.engine;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;

/** The engine's list of tensors. It keeps its tensors until it is closed, and an operator takes it without a call for each. */
public final class HandleList implements AutoCloseable {

    private final TensorList list;

    private HandleList(TensorList list) {
        this.list = list;
    }

    /** Creates an empty list with room for {@code capacity} tensors. */
    public HandleList(int capacity) {
        this(new TensorList());
        list.reserve(capacity);
    }

    /** Returns the list that an operator returned. The value may be closed. */
    public static HandleList of(IValue value) {
        return new HandleList(value.toTensorList());
    }

    /** Adds a tensor, which the caller may close. */
    public void add(Tensor handle) {
        list.push_back(handle);
    }

    /** Returns the number of tensors. */
    public int size() {
        return Math.toIntExact(list.size());
    }

    /** Returns a handle of a tensor, which the caller must close. */
    public Tensor get(int index) {
        // The engine's handle is freed by the collector, which would keep the elements.
        try (Tensor lent = list.get(index)) {
            return new Tensor(lent);
        }
    }

    /** Returns this list as an argument of an operator, which the caller must close. The tensors are not copied. */
    public IValue toIValue() {
        // The engine's lists of tensors and of any values are the same object, which knows the type of its elements.
        return new IValue(new GenericList((Pointer) list));
    }

    @Override
    public void close() {
        list.close();
    }
}
