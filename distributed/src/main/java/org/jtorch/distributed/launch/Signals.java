package org.jtorch.distributed.launch;

import java.util.Map;

/** What the exit status of a process means. */
final class Signals {

    /** The JDK and shells add this to the number of the signal that ended a process. */
    private static final int ENDED_BY_SIGNAL = 128;

    private static final Map<Integer, String> NAMES = Map.of(
            1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL",
            11, "SIGSEGV", 15, "SIGTERM");

    private Signals() {}

    /** Returns how a process has ended, in words. */
    static String describe(int status) {
        String name = NAMES.get(status - ENDED_BY_SIGNAL);
        if (name == null) {
            return "ended with status " + status;
        }
        return "was ended by the signal " + name + " (status " + status + ")"
                + (name.equals("SIGKILL") ? ", which the system may send if memory is exhausted" : "");
    }
}
