package org.jtorch.internal;

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

    /** The leaves that the running backward reached and that want to know; null on threads that run none. */
    private static final ThreadLocal<@Nullable Set<GradHooks>> REACHED = new ThreadLocal<>();

    /** The backwards that run now: other devices' parts run on threads of the engine's, which have no {@link #REACHED}. */
    private static final Deque<Set<GradHooks>> RUNNING = new ConcurrentLinkedDeque<>();

    /** Of a backward that returns gradients and accumulates none. */
    private static final Set<GradHooks> NONE = Collections.emptySet();

    private Backward() {}

    /** A leaf's gradient is about to be accumulated. */
    static void reached(GradHooks hooks) {
        Set<GradHooks> reached = REACHED.get();
        if (reached == null) {
            reached = RUNNING.peekLast();
        }
        if (reached != null && reached != NONE) {
            reached.add(hooks);
        }
    }

    /** Accumulates into {@code inputs}, or into all leaves where there are none. Undefined {@code grads} stand for ones. */
    public static void accumulate(
            TensorVector tensors, TensorVector grads, boolean retainGraph, boolean createGraph, TensorVector inputs) {
        Set<GradHooks> outer = REACHED.get();
        Set<GradHooks> reached = Collections.synchronizedSet(new LinkedHashSet<>());
        REACHED.set(reached);
        RUNNING.add(reached);
        Anomalies.Watch watch = Anomalies.begin();
        try (BoolOptional retain = new BoolOptional(retainGraph)) {
            Modes.apply();
            torch.backward(tensors, grads, retain, createGraph, inputs);
        } catch (RuntimeException e) {
            throw Anomalies.explained(watch, Handles.failure("backward", e));
        } finally {
            Anomalies.end(watch);
            RUNNING.removeIf(set -> set == reached);
            end(outer);
        }
        for (GradHooks hooks : reached) {
            hooks.accumulated();
        }
    }

    /** The gradients of {@code inputs}, owned by the current scope; null where unused. */
    public static List<org.jtorch.@Nullable Tensor> grad(
            TensorVector outputs,
            TensorVector inputs,
            TensorVector gradOutputs,
            boolean retainGraph,
            boolean createGraph,
            boolean allowUnused) {
        Set<GradHooks> outer = REACHED.get();
        REACHED.set(NONE);
        Anomalies.Watch watch = Anomalies.begin();
        Modes.apply();
        try (BoolOptional retain = new BoolOptional(retainGraph);
                TensorVector grads = torch.grad(outputs, inputs, gradOutputs, retain, createGraph, allowUnused)) {
            List<org.jtorch.@Nullable Tensor> list = new ArrayList<>();
            for (long i = 0; i < grads.size(); i++) {
                Tensor grad = new Tensor(grads.get(i));
                if (grad.defined()) {
                    list.add(Handles.own(grad));
                } else {
                    grad.close();
                    list.add(null);
                }
            }
            return list;
        } catch (RuntimeException e) {
            throw Anomalies.explained(watch, Handles.failure("grad", e));
        } finally {
            Anomalies.end(watch);
            end(outer);
        }
    }

    private static void end(@Nullable Set<GradHooks> outer) {
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
