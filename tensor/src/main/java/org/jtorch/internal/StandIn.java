package org.jtorch.internal;

import org.jtorch.Tensor;

/**
 * Has one tensor object stand for another, for code that holds the object and is to compute with the other. On one thread at a
 * time; others that use the object meanwhile see the other too.
 */
public final class StandIn implements AutoCloseable {

    private final Tensor object;
    private final org.bytedeco.pytorch.Tensor before;
    private final org.bytedeco.pytorch.Tensor meanwhile;

    /** From now until {@link #close}, {@code object} is {@code other}. */
    public StandIn(Tensor object, Tensor other) {
        this.object = object;
        meanwhile = new org.bytedeco.pytorch.Tensor(Handles.of(other));
        before = Handles.exchange(object, meanwhile);
    }

    @Override
    public void close() {
        Handles.exchange(object, before);
        meanwhile.close();
    }
}
