package org.jtorch.nn.internal;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what somebody probably meant who misspelt a name. */
public final class Nearest {

    private Nearest() {}

    /**
     * The candidate with the fewest letters inserted, left out, replaced or swapped with their neighbour.
     *
     * @param text what was given
     * @param candidates what there is
     * @return the first of the nearest ones; null if each differs in more than a third of its letters
     */
    public static @Nullable String to(String text, Collection<String> candidates) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int most = Math.max(1, Math.max(text.length(), candidate.length()) / 3);
            if (Math.abs(text.length() - candidate.length()) <= most) {
                int distance = distance(text, candidate);
                if (distance <= most && distance < least) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return nearest;
    }

    /** {@code ": did you mean 'x'?"}, or empty text if nothing is near. */
    public static String question(String text, Collection<String> candidates) {
        String nearest = to(text, candidates);
        return nearest == null ? "" : ": did you mean '" + nearest + "'?";
    }

    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
