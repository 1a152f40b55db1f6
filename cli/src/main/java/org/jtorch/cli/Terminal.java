package org.jtorch.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBarConsumer;

/** The terminal that the standard error stream is connected to, if any. Progress is shown there. */
final class Terminal {

    private static final int USUAL_WIDTH = 80;
    private static final long ASKED_AGAIN_NANOS = 1_000_000_000L;
    private static final String ERASE = "\r\u001b[K";

    private Terminal() {}

    /** Returns whether progress can be shown: on a terminal whose lines can be overwritten, and not in the log of a build. */
    static boolean isLive() {
        return System.getenv("CI") == null && !"dumb".equals(System.getenv("TERM")) && isErrorATerminal();
    }

    private static boolean isErrorATerminal() {
        Path error = Path.of("/proc/self/fd/2");
        try {
            if (Files.isSymbolicLink(error)) {
                String target = Files.readSymbolicLink(error).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
        } catch (IOException e) {
            return false; // If it is not known, nothing is shown.
        }
        Console console = System.console();
        return console != null && isTerminal(console);
    }

    /**
     * Returns whether a console is a terminal. Since Java 22 there is a console even without a terminal, which says whether it
     * has one.
     */
    private static boolean isTerminal(Console console) {
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Returns the line at the bottom that a progress bar overwrites. */
    static ProgressBarConsumer line() {
        return new Line();
    }

    private static final class Line implements ProgressBarConsumer {

        private int width = USUAL_WIDTH;
        private long asked;

        @Override
        public int getMaxRenderedLength() {
            long now = System.nanoTime();
            if (asked == 0 || now - asked > ASKED_AGAIN_NANOS) {
                asked = now;
                width = columns();
            }
            return width - 1; // Some terminals continue on the next line after a character in the last column.
        }

        @Override
        public void accept(String text) {
            System.err.print(ERASE + text);
            System.err.flush();
        }

        @Override
        public void clear() {
            System.err.print(ERASE);
            System.err.flush();
        }

        @Override
        public void close() {
            clear(); // The caller prints the result after that.
        }
    }

    /** Returns the current width of the terminal, which may change while a bar is shown. */
    private static int columns() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            stty.waitFor(1, TimeUnit.SECONDS);
            int columns = Integer.parseInt(text.substring(text.indexOf(' ') + 1));
            return columns > 0 ? columns : USUAL_WIDTH;
        } catch (IOException | NumberFormatException e) {
            return USUAL_WIDTH; // There is no such program, or it does not know the width.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }
}
