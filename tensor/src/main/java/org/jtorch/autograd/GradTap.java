package org.jtorch.autograd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.Hub;
import org.jtorch.internal.engine.EngineErrors;

/**
 * A point that the gradients of several tensors pass together, where they can be read and replaced. Gradients of
 * computations on its views pass it in a backward pass; those of computations on the tensors themselves do not.
 */
public final class GradTap {

    /** Receives the gradients. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Called once in a backward pass, when all gradients have arrived. Tensors that it creates belong to the scope
         * around the backward pass.
         *
         * @param grads a gradient for each tensor; null for a tensor that received none
         * @return the gradients to pass on, one for each
         */
        List<@Nullable Tensor> onGrads(List<@Nullable Tensor> grads);
    }

    private final Hub hub;
    private List<Tensor> views = List.of();

    /** Creates a tap for those of {@code tensors} that require grad. */
    public GradTap(List<Tensor> tensors, Listener listener) {
        hub = new Hub("BackwardHookFunction", tensors, new Passing(listener));
        boolean connected = false;
        try {
            List<Tensor> made = new ArrayList<>(tensors.size());
            List<@Nullable Tensor> tapped = new ArrayList<>(tensors.size());
            try (GradMode mode = Autograd.noGrad()) {
                for (Tensor tensor : tensors) {
                    boolean is = tensor.requiresGrad();
                    Tensor view = is ? tensor.viewAs(tensor) : tensor;
                    made.add(view);
                    tapped.add(is ? view : null);
                }
            }
            hub.connect(tapped);
            views = made;
            connected = true;
        } catch (RuntimeException e) {
            throw EngineErrors.translate("BackwardHookFunction", e);
        } finally {
            if (!connected) {
                hub.discard();
            }
        }
    }

    /**
     * Returns views of the tensors; a tensor that does not require grad is returned itself. May be called once, since only
     * the graph holds the tap.
     */
    public List<Tensor> views() {
        List<Tensor> taken = views;
        views = List.of();
        return taken;
    }

    /** Returns whether the running backward pass will reach this tap. */
    public boolean isWanted() {
        return hub.isWanted();
    }

    private record Passing(Listener listener) implements Hub.Function {
        @Override
        public List<? extends @Nullable Tensor> backward(List<@Nullable Tensor> grads) {
            return listener.onGrads(grads);
        }

        @Override
        public boolean ownsScope() {
            return false;
        }

        @Override
        public boolean isTap() {
            return true;
        }

        @Override
        public void release() {}
    }
}
