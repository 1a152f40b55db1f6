package org.jtorch.internal.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;
import org.bytedeco.pytorch.AutogradState;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.DispatchKey;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The modes of autograd and autocast as properties of a Java thread. The engine keeps them in the native thread. For a platform thread the
 * two are the same. A virtual thread may change its native thread whenever it blocks, so its modes are set in the native
 * thread before each operation ({@link #apply}).
 *
 * <p>The modes of a thread are a stack of {@link Mode}s. A mode that is closed out of order leaves the stack without
 * changing the effect of those opened after it. A mode that is never closed ends with its thread. A mode holds nothing
 * native, so it need not be collected.
 *
 * <p>While native code calls Java, as the backward pass does for hooks, the engine has set its own modes. For that time
 * they are the bottom of another stack ({@link #enterCallback}), and the thread cannot leave its native thread.
 */
public final class Modes {

    /** One mode of the stack, open until {@link #close}. */
    public static final class Mode implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private final @Nullable Mode below;
        private final boolean grad;
        private final boolean inference;
        private final Casts casts;

        /** Whether the thread stays on its native thread as long as this mode is on the stack. */
        private final boolean pinned;

        /** Whether this is the mode that the engine had set when it called Java. */
        private final boolean callback;

        private boolean open = true;

        /** Whether the engine may keep casts of weights. */
        private boolean caches = true;

        private Mode(
                @Nullable Mode below, boolean grad, boolean inference, Casts casts, boolean pinned, boolean callback) {
            this.below = below;
            this.grad = grad;
            this.inference = inference;
            this.casts = casts;
            this.pinned = pinned;
            this.callback = callback;
        }

        /**
         * Ends the mode. Closing twice has no effect.
         *
         * @throws IllegalStateException if the current thread is not the one that opened the mode
         */
        @Override
        public void close() {
            if (!open) {
                return;
            }
            if (Thread.currentThread() != thread) {
                String what = below != null && casts != below.casts ? "autocast" : "a grad mode";
                throw new IllegalStateException(
                        what + " must be closed on the thread that created it, " + thread.getName() + ", not on "
                                + Thread.currentThread().getName());
            }
            open = false;
            if (TOP.get() == this) { // otherwise a mode that was opened later is in force
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
            throw new AssertionError("Thread.isVirtual does not throw", e);
        }
    }

    /** Opens a mode with recording on or off, and everything else unchanged. */
    public static Mode grad(boolean enabled) {
        Mode top = top();
        return push(top, enabled, top.inference, top.casts);
    }

    /** Opens a mode with recording on in any case, for native objects that only a recorded operation creates. */
    public static Mode recording() {
        Mode top = top();
        return push(top, true, false, top.casts);
    }

    /** Enters inference mode, which records nothing, or leaves it with recording on. */
    public static Mode inference(boolean enabled) {
        Mode top = top();
        return push(top, !enabled, enabled, top.casts);
    }

    /** Opens a mode with autocast on or off for a kind of device, and everything else unchanged. */
    public static Mode autocast(DeviceType device, boolean enabled, ScalarType dtype, boolean cache) {
        Mode top = top();
        Casts casts = top.casts.with(device.intern(), new Casts.Setting(enabled, dtype.intern()), cache);
        return push(top, top.grad, top.inference, casts);
    }

    /**
     * Runs native code with autocast off, although it is on. The code must not call {@link #apply}. Unlike {@link
     * #autocast}, this keeps the engine's casts.
     */
    public static <T> T withoutAutocast(DeviceType device, Supplier<T> code) {
        torch.set_autocast_enabled(device, false);
        try {
            return code.get();
        } finally {
            torch.set_autocast_enabled(device, true);
        }
    }

    /** Returns whether autocast is on for a kind of device. */
    public static boolean isAutocastEnabled(DeviceType device) {
        return casts().isEnabled(device.intern());
    }

    /** Returns the dtype to which autocast casts, or would cast if it were on. */
    public static ScalarType autocastDtype(DeviceType device) {
        return casts().dtype(device.intern());
    }

    /** Returns whether casts of weights may be kept. */
    public static boolean isAutocastCacheEnabled() {
        return casts().cache();
    }

    private static Casts casts() {
        Mode top = TOP.get();
        return top == null ? Casts.NONE : top.casts;
    }

    /** Returns whether the current thread records operations. */
    public static boolean isGradEnabled() {
        apply();
        return GradMode.is_enabled();
    }

    /** Returns whether this thread is in no mode in which operations are not recorded. Asks nothing of the engine. */
    static boolean records() {
        Mode top = TOP.get();
        return top == null || top.grad;
    }

    /** Returns whether the current thread is in inference mode. */
    public static boolean isInferenceEnabled() {
        apply();
        return InferenceMode.is_enabled();
    }

    /**
     * Sets the modes of this thread in the native thread. Must be called before a native call whose result depends on them,
     * and nothing between the two may block. On a platform thread this is only a comparison.
     */
    public static void apply() {
        if (IS_VIRTUAL != null && onVirtualThread()) {
            Mode top = TOP.get();
            if (top == null) {
                put(true, false);
                Casts.NONE.put(true);
            } else if (!top.pinned) {
                put(top);
            }
        }
    }

    /**
     * Begins a call from native code into Java. The engine's modes become those of this thread.
     *
     * @return the argument of {@link #exitCallback}
     */
    public static @Nullable Mode enterCallback() {
        Mode outer = TOP.get();
        Casts casts = Casts.ofNativeThread(outer == null || outer.casts.cache());
        Mode bottom = new Mode(null, GradMode.is_enabled(), InferenceMode.is_enabled(), casts, true, true);
        TOP.set(bottom);
        if (casts.areOn()) {
            enter(bottom);
        }
        return outer;
    }

    /** Ends a call from native code: restores the engine's modes, and makes {@code outer} the mode of this thread. */
    public static void exitCallback(@Nullable Mode outer) {
        Mode bottom = TOP.get();
        while (bottom != null && bottom.below != null) {
            bottom = bottom.below;
        }
        boolean casting = false;
        if (bottom != null) {
            Mode top = TOP.get();
            casting = bottom.casts.areOn() || (top != null && top.casts.areOn());
            put(bottom); // the callback may not have closed its modes
        }
        if (outer == null) {
            TOP.remove();
        } else {
            TOP.set(outer);
        }
        if (casting) {
            CastCache.enter(Casts.NONE, true, false);
        }
    }

    /** Returns the innermost mode. The bottom of the stack is the state before the first mode. */
    private static Mode top() {
        Mode top = TOP.get();
        if (top != null) {
            return top;
        }
        return onVirtualThread()
                ? new Mode(null, true, false, Casts.NONE, false, false)
                : new Mode(null, GradMode.is_enabled(), InferenceMode.is_enabled(), Casts.NONE, true, false);
    }

    private static Mode push(Mode below, boolean grad, boolean inference, Casts casts) {
        Mode mode = new Mode(below, grad, inference, casts, below.pinned, false);
        TOP.set(mode);
        change(below, mode);
        return mode;
    }

    /** Sets the native thread after another mode came into force. */
    private static void change(Mode from, Mode to) {
        // while operations are recorded, weights do not change in place
        if (from.casts != to.casts || (to.casts.areOn() && !(from.grad && to.grad))) {
            enter(to);
            put(to);
        } else {
            to.caches = from.caches;
            put(to.grad, to.inference);
        }
    }

    private static void enter(Mode mode) {
        mode.caches = CastCache.enter(mode.casts, mode.grad, mode.inference);
    }

    /**
     * Ends a backward pass. Removes closed modes from the top of the stack that were not removed before: those that a
     * callback closed. Casts that the pass made are dropped.
     */
    public static void endBackward() {
        settle();
        Mode top = TOP.get();
        if (top != null && top.casts.areOn()) {
            enter(top);
            put(top);
        }
    }

    private static void settle() {
        Mode top = TOP.get();
        if (top == null || top.open) {
            return;
        }
        Mode before = top;
        while (!top.open && top.below != null) {
            top = top.below;
        }
        if (top.below == null && !top.callback) {
            TOP.remove();
        } else {
            TOP.set(top);
        }
        change(before, top);
    }

    private static void put(Mode mode) {
        put(mode.grad, mode.inference);
        mode.casts.put(mode.caches);
    }

    /** Sets autograd's modes in the native thread, as the engine's own guards do. */
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
