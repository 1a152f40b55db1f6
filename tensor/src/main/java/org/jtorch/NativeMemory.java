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
import org.jtorch.internal.engine.ProcessSettings;

/**
 * Runs the garbage collector when much native memory may be garbage. For the collector, a tensor is an object of some
 * hundred bytes, although its native memory may be megabytes. By itself it would run too late.
 *
 * <p>The bytes of tensors that no scope owns are counted from one run to the next; tensors that are closed are subtracted.
 * The number of bytes that triggers a run adapts: it doubles while runs take more than an eighth of the time or find
 * little, and otherwise shrinks again. Memory that belongs to no tensor object, such as what graphs save, is noticed by the
 * size of the process, which is checked from time to time.
 */
final class NativeMemory {

    /** The memory of the machine, or the limit of its container. */
    private static final long PHYSICAL = physical();

    /** The smallest number of bytes that triggers a run. */
    private static final long FLOOR = Math.min(256L << 20, PHYSICAL / 8);

    /** The greatest number of bytes that triggers a run. */
    private static final long CEILING = Math.max(FLOOR, Math.min(PHYSICAL / 32, 4L << 30));

    /** The growth of the process since the last run that triggers another one, regardless of the count. */
    private static final long GROWTH = Math.max(2 * FLOOR, Math.min(PHYSICAL / 12, 8L << 30));

    /** The memory of a tensor in addition to its elements: two objects of the engine, and those of JavaCPP. */
    private static final long OVERHEAD = 512;

    /** The number of tensors that are counted between two checks of the process's size, a power of two. */
    private static final int LOOK = 64;

    private static final boolean COLLECTS = ProcessSettings.collectsGarbage();

    private static final AtomicLong COUNTED = new AtomicLong();
    private static final ReentrantLock NUDGING = new ReentrantLock();
    private static volatile long allowance = FLOOR;
    private static int window; // written under the lock; a stale read misses the bytes that one tensor freed

    private static int tracked; // a race only delays a check of the process's size
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
     * @return the second argument of {@link #uncount}
     */
    static int count(long bytes) {
        int counting = window;
        if (COUNTED.addAndGet(bytes + OVERHEAD) > allowance) {
            nudge(false);
        }
        return counting;
    }

    /** Subtracts bytes that {@link #count} counted and that were freed explicitly. */
    static void uncount(long bytes, int counting) {
        if (counting == window) {
            COUNTED.addAndGet(-bytes - OVERHEAD);
        }
    }

    /** Subtracts a counted tensor that was freed explicitly. */
    static void untrack(Tensor tensor) {
        if (tensor.window == window) {
            COUNTED.addAndGet(-tensor.counted);
        }
        tensor.counted = 0;
    }

    /** Returns the number of bytes counted since the last run. */
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

    /** Runs the collector unless another thread does. Threads that allocate much meanwhile wait for it. */
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
                Pointer.trimMemory(); // otherwise the size would include free memory
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

    /** Makes the collector find unreachable tensors, and frees them. */
    private static void collect() {
        boolean interrupted = COLLECTS && collectGarbage();
        // the JVM enqueues references on another thread, so more may arrive shortly after
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

    /** Runs the JVM's collector, and returns whether the thread was interrupted meanwhile. */
    private static boolean collectGarbage() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
        System.gc();
        try {
            if (queue.remove(100) == null) {
                press(canary);
                queue.remove(100);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Allocates garbage until the JVM collects, if it is told to ignore {@code System.gc()}. */
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
                continue; // no readable limit: the machine's memory is used
            }
        }
        return Math.max(physical, 1L << 30);
    }
}
