package org.jtorch.nn;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.TensorScope;

/**
 * One running {@link Module#infer} of this thread: which modules are in eval mode by it, and the scope of what is made on the
 * way. No module is changed, so other threads see nothing of it.
 */
final class Inference implements AutoCloseable {

    private static final ThreadLocal<@Nullable Inference> INNERMOST = new ThreadLocal<>();

    private final Module<?, ?> root;
    private final @Nullable Inference outer;
    private final TensorScope scope = new TensorScope();

    /** The root and all below it; found when a module in training mode asks first, which most models never do. */
    private @Nullable Set<Object> inEval;

    Inference(Module<?, ?> root) {
        this.root = root;
        outer = INNERMOST.get();
        INNERMOST.set(this);
    }

    /** Returns the innermost one that runs on this thread, or null. */
    static @Nullable Inference current() {
        return INNERMOST.get();
    }

    /** Returns whether a module is in eval mode on this thread, whatever it says itself. */
    static boolean isInEval(Module<?, ?> module) {
        for (Inference i = INNERMOST.get(); i != null; i = i.outer) {
            if (i.inEval().contains(module)) {
                return true;
            }
        }
        return false;
    }

    /** The code that runs has put modules into training mode: from now on they are. */
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
     * Returns a scope for code of the user's that may keep what it makes or is shown: that outlives all infers of this thread.
     */
    TensorScope outside() {
        Inference outermost = this;
        for (Inference next = outer; next != null; next = next.outer) {
            outermost = next;
        }
        return outermost.scope.outside();
    }

    /** What the call gave belongs to the scope around it. */
    void give(@Nullable Object output) {
        TensorTree.forEach(output, scope::keep);
    }

    /** Frees what was made on the way, except for what fields of the modules hold now: that outlives all infers of this thread. */
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
            // a collection that another thread changes meanwhile, or one that cannot be looked through: who knows what
            // it holds
            scope.keepAll();
        }
    }
}
