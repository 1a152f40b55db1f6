package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Device;

/**
 * Where the layers are made that are not told a device, on this thread, until {@link #close}: PyTorch's {@code with
 * torch.device(…)}.
 *
 * <pre>{@code
 * Net net;
 * try (DefaultDevice meta = DefaultDevice.of(Device.META)) {
 *     net = new Net();                                       // no memory taken, no value drawn
 * }
 * net.toEmpty(Device.CPU).loadStateDict(state);
 * }</pre>
 *
 * <p>It holds for what layers make of their options' device. What a model's own code makes by {@code Torch.zeros(…)} is made
 * where that says; PyTorch moves those too.
 */
public final class DefaultDevice implements AutoCloseable {

    private static final ThreadLocal<@Nullable DefaultDevice> CURRENT = new ThreadLocal<>();

    private final Thread thread = Thread.currentThread();
    private final Device device;
    private final @Nullable DefaultDevice before;
    private boolean closed;

    private DefaultDevice(Device device, @Nullable DefaultDevice before) {
        this.device = device;
        this.before = before;
    }

    /** Layers are made there from now on; an inner one comes before an outer one. */
    public static DefaultDevice of(Device device) {
        DefaultDevice made = new DefaultDevice(device, CURRENT.get());
        CURRENT.set(made);
        return made;
    }

    /** Returns the device of the innermost one, or null if there is none. */
    static @Nullable Device current() {
        DefaultDevice innermost = CURRENT.get();
        return innermost == null ? null : innermost.device;
    }

    /**
     * Restores what was before. Closing twice does nothing.
     *
     * @throws IllegalStateException on another thread than the one that made it, or before one that was made within it
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "a default device is closed on the thread that made it, " + thread.getName());
        }
        if (CURRENT.get() != this) {
            throw new IllegalStateException("a default device made within this one is still open: close that first");
        }
        closed = true;
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }
}
