package org.jtorch.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jtorch.internal.text.PythonText;

/** Prints reasons why something cannot be computed, one on each line. */
final class Reasons {

    private Reasons() {}

    static String of(RuntimeException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }

    /** The greatest number of lines that are shown. */
    private static final int MOST = 40;

    /** Prints the keys and reasons below a title, if there are any. */
    static void print(PrintWriter print, String title, Map<String, String> reasons) {
        if (reasons.isEmpty()) {
            return;
        }
        print.println();
        print.println(title);
        reasons.entrySet().stream()
                .limit(MOST)
                .forEach(entry -> print.println(
                        "  " + PythonText.printable(entry.getKey()) + ": " + PythonText.printable(entry.getValue())));
        if (reasons.size() > MOST) {
            print.println("  and " + (reasons.size() - MOST) + " more");
        }
    }
}
