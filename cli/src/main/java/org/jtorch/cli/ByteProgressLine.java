package org.jtorch.cli;

import java.time.Duration;
import java.util.Locale;

/**
 * A line that shows the progress of reading or converting a file:
 * {@code  37% ███▊      |  384 of 1024 MiB, 512 MiB/s, 0:01 left  …fc.weight}.
 */
final class ByteProgressLine {

    private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
    private static final int MIB = 1 << 20;
    private static final int SHORTEST_BAR = 8;
    private static final int MOST_OF_A_KEY = 50;
    private static final String WIDEST = " 99999 of 99999 MiB, 9999 MiB/s, 99:99 left";

    private ByteProgressLine() {}

    /**
     * Returns the line.
     *
     * @param done the number of bytes read or written
     * @param total the total number of bytes
     * @param elapsed the time since the start
     * @param key the next key; if it does not fit, only its end is shown
     * @param room the number of columns
     */
    static String of(long done, long total, Duration elapsed, String key, int room) {
        double part = total <= 0 ? 1 : Math.min(1, (double) done / total);
        String percent = String.format(Locale.ROOT, "%3d%% ", (int) (100 * part));
        String numbers = numbers(done, total, elapsed);
        // The width is constant, so that the line does not move as speed and time change.
        String wide = numbers + " ".repeat(Math.max(0, WIDEST.length() - numbers.length()));
        int left = room - percent.length() - wide.length() - 1;
        if (left < SHORTEST_BAR) {
            return cut(percent + numbers.stripLeading(), room);
        }
        int bar = Math.max(SHORTEST_BAR, left - Math.min(MOST_OF_A_KEY, left / 2));
        String end = end(key, left - bar);
        return percent + bar(part, bar) + "|" + (end.isEmpty() ? numbers : wide + end);
    }

    private static String numbers(long done, long total, Duration elapsed) {
        String max = String.valueOf(total / MIB);
        String text = String.format(Locale.ROOT, " %" + max.length() + "d of %s MiB", done / MIB, max);
        double seconds = elapsed.toMillis() / 1e3;
        if (done <= 0 || seconds < 0.3) {
            return text;
        }
        double speed = done / seconds;
        String time = done >= total ? "in " + time(seconds) : time((total - done) / speed) + " left";
        return text + String.format(Locale.ROOT, ", %.0f MiB/s, %s", speed / MIB, time);
    }

    /** Returns minutes and seconds, and hours if there are any. */
    static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** Returns a bar of which the fraction {@code part} is full. */
    static String bar(double part, int width) {
        int eighths = (int) (part * width * 8);
        String full = "█".repeat(eighths / 8);
        if (full.length() == width) {
            return full;
        }
        return full + EIGHTHS.charAt(eighths % 8) + " ".repeat(width - full.length() - 1);
    }

    private static String end(String key, int room) {
        int length = room - 2;
        if (key.isEmpty() || length < SHORTEST_BAR) {
            return "";
        }
        return "  " + (key.length() <= length ? key : "…" + key.substring(key.length() - length + 1));
    }

    private static String cut(String text, int room) {
        return text.length() <= room ? text : text.substring(0, Math.max(0, room));
    }
}
