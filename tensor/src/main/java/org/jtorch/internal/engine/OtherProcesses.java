package org.jtorch.internal.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The cores that other processes keep busy. An operation ends when the slowest of its threads does. If another process runs on the
 * core of one of them, all wait until the system gives the core back, which takes milliseconds, and for each operation again.
 *
 * <p>The load is read from Linux's {@code /proc} five times a second by a thread, as long as there are calls. On other systems no
 * core counts as taken.
 */
final class OtherProcesses {

    private static final long INTERVAL_NANOS = 200_000_000;

    /** For how many intervals without a call the thread goes on. */
    private static final int IDLE = 50;

    /** For how many intervals there must be less load before it counts. Too many threads cost much more than too few. */
    private static final int CALM = 5;

    /** What another process may use of a core before it counts as taken. */
    private static final double TOLERATED = 0.25;

    /** The ticks of {@code /proc} in a second. It is a constant of Linux's interface to programs, not that of the kernel. */
    private static final double TICKS = 100;

    private static final OtherProcesses INSTANCE = new OtherProcesses();

    /**
     * The CPU times since the start, in seconds.
     *
     * @param nanos when they were read
     * @param all the time of all processes on the cores of this one
     * @param own the time of this process
     */
    record Reading(long nanos, double all, double own) {}

    private volatile int taken;
    private volatile boolean called;
    private volatile @Nullable Thread thread;
    private volatile boolean asleep;
    private boolean started;
    private int calm;

    /** Returns how many cores other processes keep busy, and goes on observing them. */
    static int cores() {
        return INSTANCE.called();
    }

    private int called() {
        if (!called) {
            called = true;
            Thread current = thread;
            if (current == null) {
                start();
            } else if (asleep) {
                LockSupport.unpark(current);
            }
        }
        return taken;
    }

    private synchronized void start() {
        if (started) {
            return;
        }
        started = true;
        BitSet cores = allowed();
        if (cores == null || read(cores) == null) {
            return;
        }
        Thread made = new Thread(() -> observe(cores), "jtorch-load");
        made.setDaemon(true);
        try {
            made.start();
        } catch (OutOfMemoryError e) {
            return; // the system refuses to create a thread; then all cores count as free
        }
        thread = made;
    }

    private void observe(BitSet cores) {
        int idle = 0;
        Reading before = read(cores);
        while (before != null) {
            LockSupport.parkNanos(INTERVAL_NANOS);
            Reading now = read(cores);
            if (now == null) {
                taken = 0;
                return;
            }
            if (now.nanos - before.nanos >= INTERVAL_NANOS / 2) {
                put(taken(before, now));
                before = now;
            }
            idle = called ? 0 : idle + 1;
            called = false;
            if (idle > IDLE) {
                asleep = true;
                while (!called) {
                    LockSupport.park(this);
                }
                asleep = false;
                idle = 0;
                before = read(cores);
            }
        }
    }

    /** More load counts at once, less only if it lasts. */
    void put(int cores) {
        calm = cores < taken ? calm + 1 : 0;
        if (cores > taken || calm >= CALM) {
            taken = cores;
            calm = 0;
        }
    }

    int taken() {
        return taken;
    }

    /** Returns how many cores other processes used between two readings. */
    static int taken(Reading before, Reading now) {
        double seconds = (now.nanos - before.nanos) / 1e9;
        double own = (now.own - before.own) / seconds;
        double others = (now.all - before.all) / seconds - own;
        // the system counts in ticks, so that some of our own time may seem to be that of others
        return Math.max(0, (int) Math.ceil(others - TOLERATED - own / 50));
    }

    /** Returns the CPU times, or null if the system does not tell them. */
    static @Nullable Reading read(BitSet cores) {
        try {
            double all = 0;
            for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
                if (!line.startsWith("cpu")) {
                    break;
                }
                String[] words = line.split(" +");
                if (words[0].length() > 3 && cores.get(Integer.parseInt(words[0].substring(3)))) {
                    all += busy(words);
                }
            }
            String own = Files.readString(Path.of("/proc/self/stat"));
            // the name of the program, which may have spaces, ends with the last parenthesis
            String[] fields = own.substring(own.lastIndexOf(')') + 2).split(" ");
            double used = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            return new Reading(System.nanoTime(), all / TICKS, used / TICKS);
        } catch (IOException | RuntimeException e) {
            return null; // not Linux, or a sandbox that hides it
        }
    }

    /** Returns the time in user and kernel mode, for interrupts, and what the hypervisor took; time in guests is part of the first. */
    private static long busy(String[] words) {
        long sum = 0;
        for (int i : List.of(1, 2, 3, 6, 7, 8)) {
            sum += i < words.length ? Long.parseLong(words[i]) : 0;
        }
        return sum;
    }

    /** Returns the cores on which this process may run, or null if the system does not tell them. */
    static @Nullable BitSet allowed() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    return cores(line.substring(line.indexOf(':') + 1).strip());
                }
            }
        } catch (IOException | RuntimeException e) {
            return null; // not Linux
        }
        return null;
    }

    /** Parses a list such as {@code 0-3,8}. */
    static BitSet cores(String list) {
        BitSet cores = new BitSet();
        for (String part : list.split(",")) {
            String[] ends = part.split("-");
            cores.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
        return cores;
    }
}
