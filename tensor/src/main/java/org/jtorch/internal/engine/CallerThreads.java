package org.jtorch.internal.engine;

/**
 * The number of engine threads of one calling thread during an inference: its part of the cores that are free. Inferences may be
 * nested; the outermost one counts.
 *
 * <p>The number never exceeds that which is set for the thread, and that is in force again after the call. A virtual thread has no
 * number of its own; during the call it sets that of the native thread that it runs on, and afterwards the default.
 */
public final class CallerThreads {

    private static final boolean ON = ProcessSettings.sharesCores();
    private static final boolean OBSERVES = ProcessSettings.observesLoad();
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final Callers CALLERS = new Callers();
    private static final ThreadLocal<CallerThreads> CURRENT = ThreadLocal.withInitial(CallerThreads::new);

    private int depth;

    /** The number that is set for the thread. */
    private int own;

    /** The number during the call. */
    private int limit;

    private CallerThreads() {}

    /** Begins an inference on the current thread. */
    public static void enter() {
        if (ON) {
            CallerThreads current = CURRENT.get();
            if (current.depth == 0) {
                current.begin();
            }
            current.depth++;
        }
    }

    /** Ends the inference that the current thread began last. */
    public static void exit() {
        if (ON) {
            CallerThreads current = CURRENT.get();
            if (--current.depth == 0) {
                current.end();
            }
        }
    }

    /** Called after a number was set for the current thread. It stays after the inference, if there is one. */
    static void set(int threads) {
        if (ON) {
            CURRENT.get().own = threads;
        }
    }

    private void begin() {
        int callers = CALLERS.arrive();
        try {
            boolean virtual = Modes.onVirtualThread();
            own = virtual ? EngineThreads.initial() : EngineThreads.get();
            boolean several = own > 1 || EngineThreads.ownBlas() > 1;
            int share = share(callers, CORES, OBSERVES && several ? OtherProcesses.cores() : 0);
            limit = Math.min(own, share);
            if (limit < own || virtual) {
                EngineThreads.setHere(limit);
            }
            EngineThreads.limitBlas(share);
        } catch (Throwable e) {
            CALLERS.leave();
            throw e;
        }
    }

    private void end() {
        boolean last = CALLERS.leave();
        if (Modes.onVirtualThread()) {
            EngineThreads.setHere(EngineThreads.initial());
        } else if (limit < own) {
            EngineThreads.setHere(own);
        }
        if (last) {
            EngineThreads.unlimitBlas();
        }
    }

    /** Returns how many threads each of some callers may use. A single caller who is not disturbed may use any number. */
    static int share(int callers, int cores, int taken) {
        return callers == 1 && taken == 0 ? Integer.MAX_VALUE : Math.max(1, (cores - taken) / callers);
    }
}
