package org.jtorch.internal.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Runs the engine's backward, and around it what the engine leaves to us. */
public final class Backward {

    /** A leaf of which somebody wants to know when its gradient was accumulated. */
    public interface Leaf {

        /** Called at the end of the backward. */
        void accumulated();
    }

    /** The leaves that the running backward reached and that want to know; null on threads that run none. */
    private static final ThreadLocal<@Nullable Set<Leaf>> REACHED = new ThreadLocal<>();

    /** The backwards that run now: other devices' parts run on threads of the engine's, which have no {@link #REACHED}. */
    private static final Deque<Set<Leaf>> RUNNING = new ConcurrentLinkedDeque<>();

    /** Of a backward that returns gradients and accumulates none. */
    private static final Set<Leaf> NONE = Collections.emptySet();

    private Backward() {}

    /** A leaf's gradient is about to be accumulated. */
    public static void reached(Leaf leaf) {
        Set<Leaf> reached = REACHED.get();
        if (reached == null) {
            reached = RUNNING.peekLast();
        }
        if (reached != null && reached != NONE) {
            reached.add(leaf);
        }
    }

    /** Accumulates into {@code inputs}, or into all leaves where there are none. Undefined {@code grads} stand for ones. */
    public static void accumulate(
            TensorVector tensors, TensorVector grads, boolean retainGraph, boolean createGraph, TensorVector inputs) {
        Set<Leaf> outer = REACHED.get();
        Set<Leaf> reached = Collections.synchronizedSet(new LinkedHashSet<>());
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
            RUNNING.removeIf(set -> set == reached);
            end(outer);
        }
        for (Leaf leaf : reached) {
            leaf.accumulated();
        }
    }

    /** The gradients of {@code inputs}, the caller's to close; null for one that is unused. */
    public static List<@Nullable Tensor> grad(
            TensorVector outputs,
            TensorVector inputs,
            TensorVector gradOutputs,
            boolean retainGraph,
            boolean createGraph,
            boolean allowUnused) {
        Set<Leaf> outer = REACHED.get();
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

    private static void end(@Nullable Set<Leaf> outer) {
        if (outer == null) {
            REACHED.remove();
        } else {
            REACHED.set(outer);
        }
        Modes.settle();
        GradCallback.closeReturned();
        Lifelines.drain();
    }
}
