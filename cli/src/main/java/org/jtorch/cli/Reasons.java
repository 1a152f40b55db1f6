package org.jtorch.cli;

import java.io.PrintWriter;
import java.util.Map;

/** Why something cannot be computed, in one line for each. */
final class Reasons {

    private Reasons() {}

    static String of(RuntimeException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }

    /** Lines that are shown at most. */
    private static final int MOST = 40;

    /** Prints the keys and reasons, if there are any, below a title. */
    static void print(PrintWriter print, String title, Map<String, String> reasons) {
        if (reasons.isEmpty()) {
            return;
        }
        print.println();
        print.println(title);
        reasons.entrySet().stream()
                .limit(MOST)
                .forEach(entry -> print.println("  " + entry.getKey() + ": " + entry.getValue()));
        if (reasons.size() > MOST) {
            print.println("  and " + (reasons.size() - MOST) + " more");
        }
    }
}
