package org.jtorch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Records whether only the thread that made an object has used it. If so, that thread may free what the object holds.
 *
 * <p>Memory must not be freed by one thread while a native call of another thread uses it. Two rules ensure this:
 *
 * <ul>
 *   <li>If no other thread ever used an object, the thread that made it frees it immediately. At that moment the thread
 *       cannot be inside of a native call with the object. <li>Otherwise the garbage collector frees it: the object drops
 *       its native handle and does not free it. A native call keeps the handle that it was given reachable until it
 *       returns, so the collector frees it after that.
 * </ul>
 *
 * <p>A use costs one comparison, and needs no lock or atomic operation. {@link #use} is called before the handle is read,
 * and the handle is removed by a volatile write before {@link #isMine} is called. So either the other thread finds no
 * handle, or the thread that frees the object sees that there was another thread.
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

    /**
     * The thread that made the object, or null after another thread used it. A thread that reads this field too early reads
     * null, and then is treated as another thread.
     */
    private @Nullable Thread maker = Thread.currentThread();

    @SuppressWarnings("UnusedVariable") // read and written through SHARED
    private boolean shared;

    Confined() {}

    /** Records that the current thread is about to read the handle. */
    final void use() {
        if (maker != Thread.currentThread() && !(boolean) SHARED.getAcquire(this)) {
            share();
        }
    }

    /** From now on, only the collector frees what this object holds. */
    final void share() {
        SHARED.setVolatile(this, true);
        VarHandle.fullFence();
        maker = null;
    }

    /**
     * Ends the use by the current thread, which made the object, so that another thread can {@link #adopt} it. The object must
     * reach that thread in a way that orders memory, such as a lock or a queue.
     */
    final void handOver() {
        if (isMine()) {
            maker = null; // until it is adopted, a use by any thread counts as that of another thread
        }
    }

    /** Makes the current thread the one that may free an object that was handed over, if no other thread has used it. */
    final void adopt() {
        if (maker == null && !(boolean) SHARED.getVolatile(this)) {
            maker = Thread.currentThread();
        }
    }

    /** Returns whether the current thread may free the handle that it has just removed. */
    final boolean isMine() {
        return maker == Thread.currentThread() && !(boolean) SHARED.getVolatile(this);
    }
}
