package org.jtorch;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Taps;

/**
 * Sees each op that its thread runs, with its ATen name and arguments, from {@link #start} until it is closed. Recorders nest.
 *
 * <pre>{@code
 * try (var recorder = OpRecorder.start(op -> System.out.println(op.operator()))) {
 *     model.call(x);
 * }
 * }</pre>
 */
public final class OpRecorder implements AutoCloseable {

    /**
     * One op that ran.
     *
     * @param operator the ATen name, {@code aten::linear}
     * @param arguments in the order of the Java signature, the tensor it was called on first; null if one was left out
     * @param result what it gave
     */
    public record RecordedOp(
            String operator,
            List<@Nullable Object> arguments,
            @Nullable Object result) {}

    /** Is told of each op. */
    @FunctionalInterface
    public interface Listener {
        /** Called after each op, on the thread that ran it. */
        void onOp(RecordedOp op);
    }

    private static final ThreadLocal<@Nullable OpRecorder> CURRENT = new ThreadLocal<>();

    private final Listener listener;
    private final @Nullable OpRecorder outer;
    private boolean closed;

    private OpRecorder(Listener listener, @Nullable OpRecorder outer) {
        this.listener = listener;
        this.outer = outer;
    }

    /** Starts to tell {@code listener} of this thread's ops. */
    public static OpRecorder start(Listener listener) {
        OpRecorder recorder = new OpRecorder(Objects.requireNonNull(listener, "listener"), CURRENT.get());
        CURRENT.set(recorder);
        Taps.change(true);
        return recorder;
    }

    /** Whether any thread records. */
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

    /** Stops. Closing twice does nothing; recorders are closed on their own thread, the inner one first. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (CURRENT.get() != this) {
            throw new IllegalStateException("recorders are closed on the thread that started them, the last one first");
        }
        closed = true;
        CURRENT.set(outer);
        Taps.change(false);
    }
}
