package org.jtorch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether only the thread that made an object has used it, and so whether that thread may free what the object holds.
 *
 * <p>A native call must never be given memory that another thread frees while it runs. Two rules hold this:
 *
 * <ul>
 *   <li>The thread that made an object frees it at once, if no other thread ever used it. It cannot be inside of a native call
 *       with it at that moment.
 *   <li>Everything else is left to the garbage collector: the object drops its native handle and does not free it. A native
 *       call keeps the handle that it was given reachable until it returns, so the collector frees it afterwards.
 * </ul>
 *
 * <p>So a use costs a comparison, and neither a lock nor an atomic operation. {@link #use} comes before the handle is read, and
 * the handle is taken away by a volatile write before {@link #isMine} is asked: either the other thread finds no handle, or the
 * freeing thread sees that there was another.
 */
abstract class Confined {

    private static final VarHandle SHARED;

    static {
        try {
            SHARED = MethodHandles.lookup().findVarHandle(Confined.class, "shared", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null after another thread used it. A thread that sees it too early sees null, and takes itself for another. */
    private @Nullable Thread maker = Thread.currentThread();

    @SuppressWarnings("UnusedVariable") // read and written through SHARED
    private boolean shared;

    Confined() {}

    /** Notes that the calling thread is about to read the handle. */
    final void use() {
        if (maker != Thread.currentThread() && !(boolean) SHARED.getAcquire(this)) {
            share();
        }
    }

    /** From now on the collector alone frees what this holds. */
    final void share() {
        SHARED.setVolatile(this, true);
        VarHandle.fullFence();
        maker = null;
    }

    /** Whether the calling thread may free the handle that it has just taken away. */
    final boolean isMine() {
        return maker == Thread.currentThread() && !(boolean) SHARED.getVolatile(this);
    }
}
