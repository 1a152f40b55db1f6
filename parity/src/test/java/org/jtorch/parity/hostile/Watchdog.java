package org.jtorch.parity.hostile;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Ends the process if a call takes too long, in CPU time, since others may be using the machine, or in elapsed time. */
final class Watchdog extends Thread {

    /** The exit status after a hang. */
    static final int HUNG = 99;

    private static final long NANOS = 1_000_000_000L;

    private final Thread watched = Thread.currentThread();
    private final long cpuNanos;
    private final long clockNanos;
    private volatile long startedCpu;
    private volatile long startedClock = System.nanoTime();

    private final Journal journal;

    Watchdog(Journal journal, int cpuSeconds, int clockSeconds) {
        super("watchdog");
        this.journal = journal;
        setDaemon(true);
        cpuNanos = cpuSeconds * NANOS;
        clockNanos = clockSeconds * NANOS;
    }

    /** Called by the watched thread before each call. */
    void begin() {
        startedClock = System.nanoTime();
        startedCpu = -1;
    }

    @Override
    public void run() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        while (true) {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
            long clock = startedClock;
            long cpu = threads.getThreadCpuTime(watched.getId());
            if (startedCpu == -1) {
                startedCpu = cpu;
            } else if ((cpu - startedCpu > cpuNanos || System.nanoTime() - clock > clockNanos)
                    && clock == startedClock) {
                // The exit may crash, because the call continues while the engine is shut down.
                journal.hung();
                Runtime.getRuntime().halt(HUNG);
            }
        }
    }
}
