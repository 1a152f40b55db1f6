package org.jtorch.internal.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.bytedeco.pytorch.AutogradState;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DispatchKey;
import org.jspecify.annotations.Nullable;

/**
 * Autograd's modes as what a Java thread has. The engine keeps them in the native thread. For a platform thread the two are the
 * same. A virtual thread changes its native thread whenever it waits, so what it has is put into the native thread before each
 * operation ({@link #apply}).
 *
 * <p>The modes of a thread are a stack of {@link Mode}s. One that is closed out of order leaves the stack without changing what
 * those opened after it say; one that is never closed ends with its thread. Nothing native is held, so the collector ends none.
 *
 * <p>While native code calls back into Java, as the backward does for hooks, the engine has set modes of its own. They are the
 * bottom of another stack for that time ({@link #enterCallback}), and the thread cannot leave its native thread.
 */
public final class Modes {

    /** One mode of the stack, open until {@link #close}. */
    public static final class Mode implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private final @Nullable Mode below;
        private final boolean grad;
        private final boolean inference;
        /** Whether the thread stays on its native thread as long as this is on the stack. */
        private final boolean pinned;

        /** Whether it is what the engine had set when it called back. */
        private final boolean callback;

        private boolean open = true;

        private Mode(@Nullable Mode below, boolean grad, boolean inference, boolean pinned, boolean callback) {
            this.below = below;
            this.grad = grad;
            this.inference = inference;
            this.pinned = pinned;
            this.callback = callback;
        }

        /**
         * Ends it. Closing twice does nothing.
         *
         * @throws IllegalStateException if called on another thread than the one that opened it
         */
        @Override
        public void close() {
            if (!open) {
                return;
            }
            if (Thread.currentThread() != thread) {
                throw new IllegalStateException("a grad mode is closed on the thread that made it, " + thread.getName()
                        + ", not on " + Thread.currentThread().getName());
            }
            open = false;
            if (TOP.get() == this) { // else one that was opened later decides
                settle();
            }
        }
    }

    private static final ThreadLocal<@Nullable Mode> TOP = new ThreadLocal<>();

    /** {@code Thread.isVirtual}, or null on a JDK without virtual threads. */
    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

    private static final AutogradState[] STATES = new AutogradState[4];

    static {
        Engine.load();
        for (int i = 0; i < STATES.length; i++) {
            boolean inference = (i & 2) != 0;
            STATES[i] = new AutogradState((i & 1) != 0, inference, !inference, !inference);
        }
    }

    private Modes() {}

    private static @Nullable MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null; // before JDK 21
        }
    }

    static boolean onVirtualThread() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new AssertionError("Thread.isVirtual throws nothing", e);
        }
    }

    /** Recording on or off, and the rest as it is. */
    public static Mode grad(boolean enabled) {
        Mode top = top();
        return push(top, enabled, top.inference);
    }

    /** Recording, whatever was before: for native objects that only a recorded operation makes. */
    public static Mode recording() {
        Mode top = top();
        return push(top, true, false);
    }

    /** Inference mode, which records nothing; or out of it, where recording is on. */
    public static Mode inference(boolean enabled) {
        return push(top(), !enabled, enabled);
    }

    /** Whether this thread records. */
    public static boolean isGradEnabled() {
        apply();
        return GradMode.is_enabled();
    }

    /** Whether this thread is in inference mode. */
    public static boolean isInferenceEnabled() {
        apply();
        return InferenceMode.is_enabled();
    }

    /**
     * Gives the native thread the modes of this thread. To be called before a native call whose result depends on them, with
     * nothing in between that may wait. Costs a comparison on platform threads.
     */
    public static void apply() {
        if (IS_VIRTUAL != null && onVirtualThread()) {
            Mode top = TOP.get();
            if (top == null) {
                put(true, false);
            } else if (!top.pinned) {
                put(top.grad, top.inference);
            }
        }
    }

    /**
     * Begins a call from native code into Java: what the engine has set is what this thread has.
     *
     * @return what {@link #exitCallback} takes
     */
    public static @Nullable Mode enterCallback() {
        Mode outer = TOP.get();
        TOP.set(new Mode(null, GradMode.is_enabled(), InferenceMode.is_enabled(), true, true));
        return outer;
    }

    /** Ends the call: what the engine had set is set again, and {@code outer} is what this thread has. */
    public static void exitCallback(@Nullable Mode outer) {
        Mode bottom = TOP.get();
        while (bottom != null && bottom.below != null) {
            bottom = bottom.below;
        }
        if (bottom != null) {
            put(bottom.grad, bottom.inference); // the callback may have left modes open
        }
        if (outer == null) {
            TOP.remove();
        } else {
            TOP.set(outer);
        }
    }

    /** The innermost mode; the bottom of the stack is what was before the first. */
    private static Mode top() {
        Mode top = TOP.get();
        if (top != null) {
            return top;
        }
        return onVirtualThread()
                ? new Mode(null, true, false, false, false)
                : new Mode(null, GradMode.is_enabled(), InferenceMode.is_enabled(), true, false);
    }

    private static Mode push(Mode below, boolean grad, boolean inference) {
        Mode mode = new Mode(below, grad, inference, below.pinned, false);
        TOP.set(mode);
        put(grad, inference);
        return mode;
    }

    /** Takes modes that were closed off the top, where nothing else did so: those which a callback closed from within. */
    public static void settle() {
        Mode top = TOP.get();
        if (top == null || top.open) {
            return;
        }
        while (!top.open && top.below != null) {
            top = top.below;
        }
        if (top.below == null && !top.callback) {
            TOP.remove();
        } else {
            TOP.set(top);
        }
        put(top.grad, top.inference);
    }

    /** Sets the native thread's modes, as the engine's own guards do. */
    private static void put(boolean grad, boolean inference) {
        if (InferenceMode.is_enabled() != inference) {
            AutogradState.set_tls_state(STATES[(grad ? 1 : 0) + (inference ? 2 : 0)]);
            torch.tls_set_dispatch_key_included(DispatchKey.ADInplaceOrView, !inference);
            torch.tls_set_dispatch_key_excluded(DispatchKey.AutogradFunctionality, inference);
            torch.tls_set_dispatch_key_excluded(DispatchKey.AutogradOther, inference);
            torch.tls_set_dispatch_key_excluded(DispatchKey.AutogradNestedTensor, inference);
        } else if (GradMode.is_enabled() != grad) {
            GradMode.set_enabled(grad);
        }
    }
}
