package org.jtorch.nn;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorScope;

/**
 * One running {@link Module#infer} of the current thread: the modules that it puts in eval mode, and the scope of the tensors
 * made during the call. No module is changed, so other threads are not affected.
 */
final class Inference implements AutoCloseable {

    private static final ThreadLocal<@Nullable Inference> INNERMOST = new ThreadLocal<>();

    private final Module<?, ?> root;
    private final @Nullable Inference outer;
    private final TensorScope scope = new TensorScope();

    /** The root and all modules below it. It is determined when a module in training mode first asks, which is rare. */
    private @Nullable Set<Object> inEval;

    Inference(Module<?, ?> root) {
        this.root = root;
        outer = INNERMOST.get();
        INNERMOST.set(this);
    }

    /** Returns the innermost infer that runs on the current thread, or null. */
    static @Nullable Inference current() {
        return INNERMOST.get();
    }

    /** Returns whether a module is in eval mode on the current thread, regardless of its own mode. */
    static boolean isInEval(Module<?, ?> module) {
        for (Inference i = INNERMOST.get(); i != null; i = i.outer) {
            if (i.inEval().contains(module)) {
                return true;
            }
        }
        return false;
    }

    /** Removes modules from eval mode, because the running code has put them in training mode. */
    static void train(Iterable<Module<?, ?>> modules) {
        for (Inference i = INNERMOST.get(); i != null; i = i.outer) {
            Set<Object> inEval = i.inEval();
            modules.forEach(inEval::remove);
        }
    }

    private Set<Object> inEval() {
        Set<Object> known = inEval;
        if (known == null) {
            known = Traversal.identitySet();
            known.addAll(root.modules());
            inEval = known;
        }
        return known;
    }

    /**
     * Returns a scope for user code that may keep what it creates or receives. It outlives all infers of the current thread.
     */
    TensorScope outside() {
        Inference outermost = this;
        for (Inference next = outer; next != null; next = next.outer) {
            outermost = next;
        }
        return outermost.scope.outside();
    }

    /** Gives the output of the call to the scope around the call. */
    void give(@Nullable Object output) {
        TensorTree.forEach(output, scope::keep);
    }

    /**
     * Frees the tensors made during the call, except for those that fields of the modules hold now. These outlive all infers of
     * the current thread.
     */
    @Override
    public void close() {
        try {
            keepHeld();
        } finally {
            INNERMOST.set(outer);
            scope.close();
        }
    }

    private void keepHeld() {
        try (TensorScope outside = outside()) {
            HeldTensors.forEach(root, outside::keep);
        } catch (RuntimeException e) {
            // A collection is being changed by another thread or cannot be searched, so it is not known what it holds.
            scope.keepAll();
        }
    }
}
