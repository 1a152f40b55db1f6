package org.jtorch;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Taps;

/**
 * Reports each operation that its thread runs, with its ATen name and arguments, until it is closed. Recorders nest.
 *
 * <pre>{@code
 * try (var recorder = OpRecorder.start(op -> System.out.println(op.operator()))) {
 *     model.call(x);
 * }
 * }</pre>
 */
public final class OpRecorder implements AutoCloseable {

    /**
     * One operation that ran.
     *
     * @param operator the ATen name, {@code aten::linear}
     * @param arguments the arguments in the order of the operator's schema, as Java passes them; null for one that was left
     *     out
     * @param result the result
     */
    public record RecordedOp(
            String operator,
            List<@Nullable Object> arguments,
            @Nullable Object result) {}

    /** Receives each operation. */
    @FunctionalInterface
    public interface Listener {
        /** Called after each operation, on the thread that ran it. */
        void onOp(RecordedOp op);

        /**
         * Called before a tensor's values are copied or lent to Java, on the thread that reads them: by {@link Tensor#item},
         * {@link Tensor#itemLong} and the methods of {@link HostOps}. What this throws, the reading method throws. Does nothing
         * by default.
         */
        default void onRead(Tensor tensor) {}
    }

    private static final ThreadLocal<@Nullable OpRecorder> CURRENT = new ThreadLocal<>();

    private final Listener listener;
    private final @Nullable OpRecorder outer;
    private boolean closed;

    private OpRecorder(Listener listener, @Nullable OpRecorder outer) {
        this.listener = listener;
        this.outer = outer;
    }

    /** Starts to report the operations of the current thread to {@code listener}. */
    public static OpRecorder start(Listener listener) {
        OpRecorder recorder = new OpRecorder(Objects.requireNonNull(listener, "listener"), CURRENT.get());
        CURRENT.set(recorder);
        Taps.change(true);
        return recorder;
    }

    /** Returns whether any thread records. */
    public static boolean isActive() {
        return Taps.on;
    }

    static void publish(String operator, List<@Nullable Object> arguments, @Nullable Object result) {
        RecordedOp op = null;
        for (OpRecorder r = CURRENT.get(); r != null; r = r.outer) {
            op = op == null ? new RecordedOp(operator, arguments, result) : op;
            r.listener.onOp(op);
        }
    }

    static void publishRead(Tensor tensor) {
        for (OpRecorder r = CURRENT.get(); r != null; r = r.outer) {
            r.listener.onRead(tensor);
        }
    }

    /**
     * Stops recording. Closing twice has no effect. Recorders must be closed on the thread that started them, the inner one
     * first.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (CURRENT.get() != this) {
            throw new IllegalStateException(
                    "recorders must be closed on the thread that started them, the last one first");
        }
        closed = true;
        CURRENT.set(outer);
        Taps.change(false);
    }
}
