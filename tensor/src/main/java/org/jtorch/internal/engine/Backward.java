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
    private static final class Pass {
        private final boolean accumulates;
        private final Set<Leaf> waiting = Collections.synchronizedSet(new LinkedHashSet<>());
        private final Map<Thread, Leaf> last = new ConcurrentHashMap<>();
        private boolean serialBlas;
        private boolean ended;

        Pass(boolean accumulates) {
            this.accumulates = accumulates;
        }

        void add(Leaf leaf) {
            if (!accumulates) {
                return;
            }
            waiting.add(leaf);
            Leaf before = last.put(Thread.currentThread(), leaf);
            if (before != null && before != leaf && waiting.remove(before)) {
                before.accumulated();
            }
        }

        synchronized void makeBlasSerial() {
            if (!serialBlas && !ended) {
                serialBlas = true;
                EngineThreads.beginSerialBlas();
            }
        }

        synchronized void endSerialBlas() {
            ended = true;
            if (serialBlas) {
                serialBlas = false;
                EngineThreads.endSerialBlas();
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

    /** The backward pass that the thread runs; null if it runs none. */
    private static final ThreadLocal<@Nullable Pass> CURRENT = new ThreadLocal<>();

    /** The running backward passes. Parts for other devices run on threads of the engine, which have no {@link #CURRENT}. */
    private static final Deque<Pass> RUNNING = new ConcurrentLinkedDeque<>();

    private Backward() {}

    /** Called before the gradient of a leaf is accumulated. */
    public static void reached(Leaf leaf) {
        Pass pass = current();
        if (pass != null) {
            pass.add(leaf);
        }
    }

    /** Makes OpenBLAS use one thread until the end of the running backward pass. */
    static void makeBlasSerial() {
        Pass pass = current();
        if (pass != null) {
            pass.makeBlasSerial();
        }
    }

    private static @Nullable Pass current() {
        Pass pass = CURRENT.get();
        return pass == null ? RUNNING.peekLast() : pass;
    }

    /** Accumulates gradients into {@code inputs} or, if it is empty, into all leaves. Undefined {@code grads} mean ones. */
    public static void accumulate(
            TensorVector tensors, TensorVector grads, boolean retainGraph, boolean createGraph, TensorVector inputs) {
        Modes.apply();
        Anomalies.Watch watch = Anomalies.begin();
        Pass outer = CURRENT.get();
        Pass pass = new Pass(true);
        CURRENT.set(pass);
        RUNNING.add(pass);
        try (BoolOptional retain = new BoolOptional(retainGraph)) {
            torch.backward(tensors, grads, retain, createGraph, inputs);
        } catch (RuntimeException e) {
            throw Anomalies.explained(watch, EngineErrors.translate("backward", e));
        } finally {
            Anomalies.end(watch);
            RUNNING.removeIf(each -> each == pass);
            end(pass, outer);
        }
        pass.end();
    }

    /** Returns the gradients of {@code inputs}, which the caller must close; null for an input that is unused. */
    public static List<@Nullable Tensor> grad(
            TensorVector outputs,
            TensorVector inputs,
            TensorVector gradOutputs,
            boolean retainGraph,
            boolean createGraph,
            boolean allowUnused) {
        Modes.apply();
        Anomalies.Watch watch = Anomalies.begin();
        Pass outer = CURRENT.get();
        Pass pass = new Pass(false);
        CURRENT.set(pass);
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
            end(pass, outer);
        }
    }

    private static void end(Pass pass, @Nullable Pass outer) {
        pass.endSerialBlas();
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
        Modes.endBackward();
        GradCallback.closeReturned();
        Lifelines.drain();
    }
}
