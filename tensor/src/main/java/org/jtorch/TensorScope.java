package org.jtorch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Lifelines;

/**
 * Frees the tensors that its thread makes between its opening and its end.
 *
 * <pre>{@code
 * try (var scope = new TensorScope()) {
 *     Tensor hidden = x.matmul(w).relu();
 *     return scope.keep(hidden.sum());          // everything else is freed here
 * }
 * }</pre>
 *
 * <p>Scopes nest; a tensor belongs to the innermost. {@link #keep} moves a result to the scope around this one, or, where
 * there is none, to the collector. Parameters and buffers belong to no scope.
 */
public final class TensorScope implements AutoCloseable {

    private static final ThreadLocal<@Nullable TensorScope> CURRENT = new ThreadLocal<>();

    private final @Nullable TensorScope outer;
    private final Thread thread;

    /** If not null, this scope owns nothing: what is made in it belongs to the scope around that one. */
    private final @Nullable TensorScope passed;

    private @Nullable Tensor[] tensors;
    private int size;
    private boolean closed;

    /** Opens a scope on this thread. */
    public TensorScope() {
        this(null);
    }

    private TensorScope(@Nullable TensorScope passed) {
        this.passed = passed;
        tensors = new Tensor[passed == null ? 16 : 0];
        outer = CURRENT.get();
        thread = Thread.currentThread();
        CURRENT.set(this);
    }

    /**
     * Opens a scope, inside of all that are open now, that owns nothing. What this thread makes until it is closed belongs to
     * the scope around this one, or, if there is none, to the collector; its {@link #keep} moves there what belongs to this
     * scope or to one inside of it. For a callback that runs inside of this scope and keeps tensors.
     *
     * @return the scope to close
     * @throws IllegalStateException if this scope is closed, or belongs to another thread
     */
    public TensorScope outside() {
        checkOpen();
        return new TensorScope(this);
    }

    static @Nullable TensorScope current() {
        return CURRENT.get();
    }

    void add(Tensor tensor) {
        if (passed != null) {
            passed.giveOut(tensor);
            return;
        }
        if (size == tensors.length) {
            makeRoom();
        }
        tensors[size++] = tensor;
        tensor.owner = this;
    }

    /** Drops those that were freed by hand or moved out; where that is not half of them, grows. */
    private void makeRoom() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Tensor tensor = tensors[i];
            tensors[i] = null;
            if (tensor != null && tensor.owner == this) {
                tensors[kept++] = tensor;
            }
        }
        size = kept;
        if (kept > tensors.length / 2) {
            tensors = Arrays.copyOf(tensors, tensors.length * 2);
        }
    }

    /**
     * Moves {@code tensor} out: the scope around this one owns it then, or the collector.
     *
     * @param tensor a tensor of this scope; one that belongs elsewhere stays where it is
     * @return the same tensor
     */
    public <T extends Tensor> T keep(T tensor) {
        check();
        tensor.handle();
        if (passed != null) {
            for (TensorScope scope = outer; scope != null; scope = scope == passed ? null : scope.outer) {
                if (tensor.owner == scope) {
                    passed.giveOut(tensor);
                    break;
                }
            }
        } else if (tensor.owner == this) {
            giveOut(tensor);
        }
        return tensor;
    }

    /** {@link #keep} of all that this scope owns now. */
    public void keepAll() {
        check();
        for (int i = 0; i < size; i++) {
            Tensor tensor = tensors[i];
            tensors[i] = null;
            if (tensor != null && tensor.owner == this) {
                giveOut(tensor);
            }
        }
        size = 0;
    }

    private void giveOut(Tensor tensor) {
        if (outer == null) {
            NativeMemory.track(tensor, Ops.bytes(tensor.handle()));
        } else {
            outer.add(tensor);
        }
    }

    /** Whether this scope would free {@code tensor}. */
    public boolean owns(Tensor tensor) {
        return !closed && tensor.owner == this;
    }

    /**
     * Frees what it owns.
     *
     * @throws IllegalStateException on another thread than its own, or where an inner scope is still open
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        check();
        closed = true;
        CURRENT.set(outer);
        for (int i = size - 1; i >= 0; i--) {
            Tensor tensor = tensors[i];
            tensors[i] = null;
            if (tensor != null && tensor.owner == this) {
                tensor.release("the end of its TensorScope, or of the infer that it was made in; TensorScope.keep or"
                        + " unscoped() moves a tensor out");
            }
        }
        size = 0;
        RetiredLeaves.lookAgain();
        Lifelines.drain();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this TensorScope is closed");
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("this TensorScope belongs to thread " + thread.getName() + ", not to "
                    + Thread.currentThread().getName());
        }
    }

    private void check() {
        checkOpen();
        if (CURRENT.get() != this) {
            throw new IllegalStateException("an inner TensorScope is still open: close it first");
        }
    }
}
