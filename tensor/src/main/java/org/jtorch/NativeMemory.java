package org.jtorch;

import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.bytedeco.javacpp.Pointer;
import org.jtorch.internal.engine.Lifelines;

/**
 * Nudges the garbage collector where native memory may be garbage. The collector sees a wrapper of some hundred bytes where
 * there may be megabytes of native memory for it, so on its own it comes too late.
 *
 * <p>Counted are the bytes of tensors that no scope owns, from one nudge to the next; what is closed by hand is taken off. The
 * bytes that may come together before a nudge adapt: they double while nudges take more than an eighth of the time, or find
 * little, and shrink back else. Memory that no tensor object stands for, such as what graphs save, shows in the size of the
 * process, which is looked at now and then.
 */
final class NativeMemory {

    /** The machine's memory, or what the container leaves of it. */
    private static final long PHYSICAL = physical();

    /** The least that may come together. */
    private static final long FLOOR = Math.min(256L << 20, PHYSICAL / 8);

    /** The most that may come together. */
    private static final long CEILING = Math.max(FLOOR, Math.min(PHYSICAL / 32, 4L << 30));

    /** By how much the process may grow from one nudge to the next, whatever was counted. */
    private static final long GROWTH = Math.max(2 * FLOOR, Math.min(PHYSICAL / 12, 8L << 30));

    /** What a tensor takes beside its elements: the engine's two objects, and JavaCPP's. */
    private static final long OVERHEAD = 512;

    /** How many tensors are counted between looks at the process's size, a power of two. */
    private static final int LOOK = 64;

    private static final AtomicLong COUNTED = new AtomicLong();
    private static final ReentrantLock NUDGING = new ReentrantLock();
    private static volatile long allowance = FLOOR;
    private static int window; // written under the lock; a stale read misses what one tensor gave back

    private static int tracked; // a race at worst moves a look at the process's size
    private static volatile long sizeAfterNudge = -1;

    private static long endOfNudge = System.nanoTime();
    private static long pointersAfterNudge;
    private static volatile byte[] garbage = {};

    private NativeMemory() {}

    /** Counts the {@code bytes} of a tensor that no scope owns. */
    static void track(Tensor tensor, long bytes) {
        long counted = bytes + OVERHEAD;
        tensor.owner = null;
        tensor.counted = counted;
        tensor.window = window;
        long sum = COUNTED.addAndGet(counted);
        if (sum > allowance) {
            nudge(false);
        } else if ((++tracked & (LOOK - 1)) == 0) {
            look();
        }
        RetiredLeaves.lookAgain();
        Lifelines.drain();
    }

    /**
     * Counts {@code bytes} that only the collector may free.
     *
     * @return what {@link #uncount} takes
     */
    static int count(long bytes) {
        int counting = window;
        if (COUNTED.addAndGet(bytes + OVERHEAD) > allowance) {
            nudge(false);
        }
        return counting;
    }

    /** Bytes that {@link #count} counted were freed by hand. */
    static void uncount(long bytes, int counting) {
        if (counting == window) {
            COUNTED.addAndGet(-bytes - OVERHEAD);
        }
    }

    /** A counted tensor was freed by hand. */
    static void untrack(Tensor tensor) {
        if (tensor.window == window) {
            COUNTED.addAndGet(-tensor.counted);
        }
        tensor.counted = 0;
    }

    /** Bytes counted since the last nudge. */
    static long counted() {
        return COUNTED.get();
    }

    private static void look() {
        long size = Pointer.physicalBytes();
        if (sizeAfterNudge < 0) {
            sizeAfterNudge = size;
        } else if (size > sizeAfterNudge + GROWTH) {
            nudge(true);
        }
    }

    /** Collects, unless another thread does; threads that run far ahead of it wait. */
    private static void nudge(boolean grown) {
        if (!NUDGING.tryLock()) {
            if (NUDGING.isHeldByCurrentThread() || COUNTED.get() < 2 * allowance) {
                return;
            }
            NUDGING.lock();
        }
        try {
            if (!grown && COUNTED.get() <= allowance) {
                return;
            }
            long start = System.nanoTime();
            long before = Pointer.totalCount();
            COUNTED.set(0);
            window++;
            collect();
            if (grown) {
                Pointer.trimMemory(); // or the size would not tell what is in use
            }
            sizeAfterNudge = Pointer.physicalBytes();
            adapt(start, before, grown);
        } finally {
            NUDGING.unlock();
        }
    }

    private static void adapt(long start, long before, boolean grown) {
        long end = System.nanoTime();
        long since = end - endOfNudge;
        long after = Pointer.totalCount();
        long made = before - pointersAfterNudge;
        boolean found = before - after > made / 4;
        if (end - start > since / 8 || (!found && !grown)) {
            allowance = Math.min(CEILING, 2 * allowance);
        } else if (end - start < since / 64) {
            allowance = Math.max(FLOOR, allowance / 2);
        }
        endOfNudge = end;
        pointersAfterNudge = after;
    }

    /** Has the collector find unreachable tensors, and frees them. */
    private static void collect() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
        System.gc();
        boolean interrupted = false;
        try {
            if (queue.remove(100) == null) {
                press(canary);
                queue.remove(100);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        // the JVM hands references over on a thread of its own, so more may come for a moment
        long deadline = System.nanoTime() + 100_000_000L;
        for (int idle = 0; idle < 2 && System.nanoTime() < deadline; ) {
            long count = Pointer.totalCount();
            Pointer.deallocateReferences();
            if (Pointer.totalCount() < count) {
                idle = 0;
            } else {
                idle++;
                LockSupport.parkNanos(500_000);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where the JVM is told to ignore {@code System.gc()}: makes garbage until it collects by itself. */
    private static void press(WeakReference<Object> canary) {
        long most = Runtime.getRuntime().maxMemory();
        for (long made = 0; canary.get() != null && made < most; made += garbage.length) {
            garbage = new byte[1 << 16];
        }
        garbage = new byte[0];
    }

    private static long physical() {
        long physical = Pointer.totalPhysicalBytes();
        for (String file : new String[] {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
            try {
                if (Files.isReadable(Path.of(file))) {
                    String limit = Files.readString(Path.of(file)).strip();
                    if (!limit.equals("max")) {
                        physical = Math.min(physical, Long.parseLong(limit));
                    }
                }
            } catch (IOException | NumberFormatException e) {
                continue; // no limit that we could read: the machine's memory is what there is
            }
        }
        return Math.max(physical, 1L << 30);
    }
}
