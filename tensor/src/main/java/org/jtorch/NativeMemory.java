package org.jtorch;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the native bytes that only the garbage collector will free, and nudges it when they have grown too far. The
 * collector sees a wrapper of some hundred bytes where there may be megabytes behind it, so on its own it comes too late.
 *
 * <p>Only wrappers outside of scopes are counted. A nudge costs a full collection, so the limit adapts: it stands at half
 * as much again as what was found alive after the last nudge, and never under {@link #BASE}.
 */
final class NativeMemory {

    /** Bytes that may be garbage before the collector is nudged: a 32nd of the machine's memory, 256 MiB to 2 GiB. */
    static final long BASE = Math.max(256L << 20, Math.min(2L << 30, Pointer.totalPhysicalBytes() / 48));

    /** What a tensor takes beside its elements: the engine's two objects, and JavaCPP's. */
    private static final long OVERHEAD = 512;

    private static final ReferenceQueue<Tensor> QUEUE = new ReferenceQueue<>();
    private static final Object LOCK = new Object();
    private static @Nullable Counted head;
    private static long outstanding;
    private static long limit = BASE;
    private static boolean nudging;

    private NativeMemory() {}

    /** A tensor whose bytes are counted, in a list so that the references themselves stay alive. */
    static final class Counted extends PhantomReference<Tensor> {
        private final long bytes;
        private @Nullable Counted previous;
        private @Nullable Counted next;
        private boolean listed = true;

        Counted(Tensor tensor, long bytes) {
            super(tensor, QUEUE);
            this.bytes = bytes;
        }

        /** The tensor was freed by hand. */
        void release() {
            clear();
            synchronized (LOCK) {
                unlist(this);
            }
        }
    }

    /** Counts {@code bytes} until {@code tensor} is freed, by hand or by the collector. */
    static void track(Tensor tensor, long bytes) {
        Counted counted = new Counted(tensor, bytes + OVERHEAD);
        tensor.owner = counted;
        boolean full;
        synchronized (LOCK) {
            counted.next = head;
            if (head != null) {
                head.previous = counted;
            }
            head = counted;
            outstanding += counted.bytes;
            full = outstanding > limit && !nudging;
            nudging |= full;
        }
        if (full) {
            nudge();
        }
    }

    /** Native bytes behind tensors that no scope owns. */
    static long outstanding() {
        drain();
        synchronized (LOCK) {
            return outstanding;
        }
    }

    private static void unlist(Counted counted) {
        if (!counted.listed) {
            return;
        }
        counted.listed = false;
        Counted previous = counted.previous;
        Counted next = counted.next;
        if (previous == null) {
            head = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        outstanding -= counted.bytes;
    }

    /** Takes what the collector has found off the list; JavaCPP's own thread frees the native objects. */
    private static void drain() {
        Reference<? extends Tensor> found;
        while ((found = QUEUE.poll()) != null) {
            synchronized (LOCK) {
                unlist((Counted) found);
            }
        }
    }

    private static void nudge() {
        try {
            drain();
            if (below()) {
                return;
            }
            long wrappers = Pointer.totalCount();
            System.gc();
            // the JVM hands the found references over on a thread of its own
            Reference<? extends Tensor> found = QUEUE.remove(100);
            while (found != null) {
                synchronized (LOCK) {
                    unlist((Counted) found);
                }
                found = QUEUE.remove(2);
            }
            // and JavaCPP frees on another: wait for it, or the next allocations come before the memory is back
            for (int i = 0; i < 50 && Pointer.totalCount() < wrappers; i++) {
                wrappers = Pointer.totalCount();
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (LOCK) {
                limit = Math.max(BASE, outstanding + outstanding / 2 + BASE / 2);
                nudging = false;
            }
        }
    }

    private static boolean below() {
        synchronized (LOCK) {
            return outstanding <= limit;
        }
    }
}
