package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Device;

/**
 * The device on which layers are created if their options name none: PyTorch's {@code with torch.device(…)}. It applies to the
 * current thread until {@link #close}.
 *
 * <pre>{@code
 * Net net;
 * try (DefaultDevice meta = DefaultDevice.of(Device.META)) {
 *     net = new Net();                                       // no memory taken, no value drawn
 * }
 * net.toEmpty(Device.CPU).loadStateDict(state);
 * }</pre>
 *
 * <p>It applies to what layers create with the device of their options. A tensor that a model's own code creates, such as with
 * {@code Torch.zeros(…)}, is created on the device given there; PyTorch's default applies to those too.
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

    /** Sets the default device of the current thread. An inner default takes precedence over an outer one. */
    public static DefaultDevice of(Device device) {
        DefaultDevice made = new DefaultDevice(device, CURRENT.get());
        CURRENT.set(made);
        return made;
    }

    /** Returns the innermost default device, or null if there is none. */
    static @Nullable Device current() {
        DefaultDevice innermost = CURRENT.get();
        return innermost == null ? null : innermost.device;
    }

    /**
     * Restores the previous default. Closing it a second time has no effect.
     *
     * @throws IllegalStateException if called on another thread than the one that created it, or before an inner one is closed
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "a default device must be closed on the thread that created it, " + thread.getName());
        }
        if (CURRENT.get() != this) {
            throw new IllegalStateException(
                    "a default device created within this one is still open: close that one first");
        }
        closed = true;
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }
}
