package org.jtorch.text;

import java.util.List;

/** Finds the texts that stop another one, which comes in pieces, and holds back what may be the beginning of one. */
final class StopStrings {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean found;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /** Adds a piece, and returns what can be given. */
    String add(String piece) {
        if (found) {
            return "";
        }
        held.append(piece);
        int end = -1;
        for (String stop : stops) {
            int index = held.indexOf(stop);
            if (index >= 0 && (end < 0 || index < end)) {
                end = index;
            }
        }
        if (end >= 0) {
            found = true;
            return take(end);
        }
        return take(held.length() - beginning());
    }

    /** Returns the length of the longest end of the text with which a stop begins. */
    private int beginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private String take(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /** Returns what was held back, after the last piece. */
    String finish() {
        return found ? "" : take(held.length());
    }

    boolean isFound() {
        return found;
    }
}
