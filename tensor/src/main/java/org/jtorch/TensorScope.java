package org.jtorch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Lifelines;

/**
 * A scope that frees the tensors that its thread made in it.
 *
 * <pre>{@code
 * try (var scope = new TensorScope()) {
 *     Tensor hidden = x.matmul(w).relu();
 *     return scope.keep(hidden.sum());          // everything else is freed here
 * }
 * }</pre>
 *
 * <p>Scopes nest; a tensor belongs to the innermost scope. {@link #keep} moves a result to the enclosing scope or, if there
 * is none, to the collector. Parameters and buffers do not belong to a scope.
 */
public final class TensorScope implements AutoCloseable {

    private static final ThreadLocal<@Nullable TensorScope> CURRENT = new ThreadLocal<>();

    private final @Nullable TensorScope outer;
    private final Thread thread;

    /** If not null, this scope owns nothing: tensors made in it belong to the scope around {@code passed}. */
    private final @Nullable TensorScope passed;

    private @Nullable Tensor[] tensors;
    private int size;
    private boolean closed;

    /** Opens a scope on the current thread. */
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
     * Opens an inner scope that owns nothing. Tensors that the current thread makes until it is closed belong to the scope
     * around this one or, if there is none, to the collector. Its {@link #keep} moves tensors of this scope, or of scopes
     * inside of it, to the same place. For a callback that runs inside of this scope and keeps tensors.
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

    /** Drops tensors that were freed or moved out. If more than half of the array remains, enlarges it. */
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
     * Moves {@code tensor} out of this scope: to the enclosing scope or, if there is none, to the collector.
     *
     * @param tensor a tensor of this scope; one that does not belong to it stays where it is
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

    /** Moves all tensors that this scope owns out of it, as {@link #keep} does. */
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

    /** Returns whether this scope will free {@code tensor}. */
    public boolean owns(Tensor tensor) {
        return !closed && tensor.owner == this;
    }

    /**
     * Frees the tensors that this scope owns.
     *
     * @throws IllegalStateException if the current thread is not the scope's, or an inner scope is still open
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
                tensor.release(
                        "the end of its TensorScope, or of the infer call in which it was made; TensorScope.keep or"
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
