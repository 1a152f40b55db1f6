package org.jtorch.internal.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Runs the engine's backward pass, and the work before and after it that the engine leaves to jtorch. */
public final class Backward {

    /** A leaf that needs to know when its gradient was accumulated. */
    public interface Leaf {

        /** Called while the backward pass runs, after the gradient was accumulated, and at the latest at the end of the pass. */
        void accumulated();
    }

    /**
     * The leaves that a running backward pass has reached and must notify. The engine tells only that a gradient is about to be
     * accumulated. A thread of the engine accumulates it before it begins with another leaf, so that a leaf is notified when the same
     * thread reaches the next one.
     */
    private static final class Reached {
        private final Set<Leaf> waiting = Collections.synchronizedSet(new LinkedHashSet<>());
        private final Map<Thread, Leaf> last = new ConcurrentHashMap<>();

        void add(Leaf leaf) {
            waiting.add(leaf);
            Leaf before = last.put(Thread.currentThread(), leaf);
            if (before != null && before != leaf && waiting.remove(before)) {
                before.accumulated();
            }
        }

        /** Notifies the rest. Errors are those of a callback, as if they had been notified earlier. */
        void end() {
            try {
                for (Leaf leaf : List.copyOf(waiting)) {
                    leaf.accumulated();
                }
            } catch (RuntimeException e) {
                Failures failures = EngineErrors.failures();
                throw failures.isOfCallback(e) ? e : failures.ofCallback(e);
            }
        }
    }

    /** The leaves of the backward pass that the thread runs; null if it runs none. */
    private static final ThreadLocal<@Nullable Reached> REACHED = new ThreadLocal<>();

    /** The running backward passes. Parts for other devices run on threads of the engine, which have no {@link #REACHED}. */
    private static final Deque<Reached> RUNNING = new ConcurrentLinkedDeque<>();

    /** The value for a backward pass that returns gradients and does not accumulate any. */
    private static final Reached NONE = new Reached();

    private Backward() {}

    /** Called before the gradient of a leaf is accumulated. */
    public static void reached(Leaf leaf) {
        Reached reached = REACHED.get();
        if (reached == null) {
            reached = RUNNING.peekLast();
        }
        if (reached != null && reached != NONE) {
            reached.add(leaf);
        }
    }

    /** Accumulates gradients into {@code inputs} or, if it is empty, into all leaves. Undefined {@code grads} mean ones. */
    public static void accumulate(
            TensorVector tensors, TensorVector grads, boolean retainGraph, boolean createGraph, TensorVector inputs) {
        Reached outer = REACHED.get();
        Reached reached = new Reached();
        REACHED.set(reached);
        RUNNING.add(reached);
        Anomalies.Watch watch = Anomalies.begin();
        try (BoolOptional retain = new BoolOptional(retainGraph)) {
            Modes.apply();
            torch.backward(tensors, grads, retain, createGraph, inputs);
        } catch (RuntimeException e) {
            throw Anomalies.explained(watch, EngineErrors.translate("backward", e));
        } finally {
            Anomalies.end(watch);
            RUNNING.removeIf(pass -> pass == reached);
            end(outer);
        }
        reached.end();
    }

    /** Returns the gradients of {@code inputs}, which the caller must close; null for an input that is unused. */
    public static List<@Nullable Tensor> grad(
            TensorVector outputs,
            TensorVector inputs,
            TensorVector gradOutputs,
            boolean retainGraph,
            boolean createGraph,
            boolean allowUnused) {
        Reached outer = REACHED.get();
        REACHED.set(NONE);
        Anomalies.Watch watch = Anomalies.begin();
        Modes.apply();
        try (BoolOptional retain = new BoolOptional(retainGraph);
                TensorVector grads = torch.grad(outputs, inputs, gradOutputs, retain, createGraph, allowUnused)) {
            List<@Nullable Tensor> list = new ArrayList<>();
            for (long i = 0; i < grads.size(); i++) {
                Tensor grad = new Tensor(grads.get(i));
                if (grad.defined()) {
                    list.add(grad);
                } else {
                    grad.close();
                    list.add(null);
                }
            }
            return list;
        } catch (RuntimeException e) {
            throw Anomalies.explained(watch, EngineErrors.translate("grad", e));
        } finally {
            Anomalies.end(watch);
            end(outer);
        }
    }

    private static void end(@Nullable Reached outer) {
        if (outer == null) {
            REACHED.remove();
        } else {
            REACHED.set(outer);
        }
        Modes.endBackward();
        GradCallback.closeReturned();
        Lifelines.drain();
    }
}
