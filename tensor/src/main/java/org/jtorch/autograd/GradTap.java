package org.jtorch.autograd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.Hub;
import org.jtorch.internal.engine.EngineErrors;

/**
 * A place that the gradients of several tensors pass together, to be seen and replaced. What is computed from its views, and not
 * from the tensors themselves, passes it in a backward.
 */
public final class GradTap {

    /** Sees the gradients. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Called once in a backward, when all gradients have come. What it makes belongs to the scope around the backward.
         *
         * @param grads one for each tensor, null where none came
         * @return what goes on, one for each
         */
        List<@Nullable Tensor> onGrads(List<@Nullable Tensor> grads);
    }

    private final Hub hub;
    private List<Tensor> views = List.of();

    /** A tap of those of {@code tensors} that require grad. */
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

    /** Views of the tensors; one that requires no grad is itself. To be taken once: the graph holds the tap, not they. */
    public List<Tensor> views() {
        List<Tensor> taken = views;
        views = List.of();
        return taken;
    }

    /** Whether the running backward will come here. */
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
