package org.jtorch.distributed.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Passes on what processes print, whole lines at a time, and remembers the last lines of each process. */
final class RankOutput {

    private static final System.Logger LOG = System.getLogger(RankOutput.class.getName());

    /** How many lines of each stream of a process are remembered. */
    private static final int REMEMBERED = 15;

    private static final Charset CHARSET = charset();

    private final Consumer<? super String> out;
    private final Consumer<? super String> err;

    RankOutput(Consumer<? super String> out, Consumer<? super String> err) {
        this.out = out;
        this.err = err;
    }

    /** Returns the charset of this system. If that is ASCII, which programs use that know no language, UTF-8 reads more. */
    private static Charset charset() {
        Charset charset = Charset.forName(
                System.getProperty("native.encoding", Charset.defaultCharset().name()));
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    /** Prints a line of the launcher itself. */
    synchronized void note(String line) {
        err.accept("jtorch: " + line);
    }

    private synchronized void line(boolean error, int rank, String line) {
        String prefixed = "[rank " + rank + "] " + line;
        if (error) {
            err.accept(prefixed);
        } else {
            out.accept(prefixed);
        }
    }

    /** What one process prints. */
    final class OfProcess {

        private final int rank;
        private final List<Thread> readers;
        private final Deque<String> lastOut = new ArrayDeque<>();
        private final Deque<String> lastErr = new ArrayDeque<>();

        OfProcess(int rank, Process process) {
            this.rank = rank;
            readers = List.of(reader(process.getInputStream(), false), reader(process.getErrorStream(), true));
            readers.forEach(Thread::start);
        }

        private Thread reader(InputStream stream, boolean error) {
            Thread thread = new Thread(() -> read(stream, error), "jtorch-launch-output-" + rank);
            thread.setDaemon(true);
            return thread;
        }

        private void read(InputStream stream, boolean error) {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, CHARSET))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    remember(error ? lastErr : lastOut, line);
                    deliver(error, line);
                }
            } catch (IOException e) {
                // the process was killed
            }
        }

        /** Gives a line to the caller's consumer. If that fails, the process must still be read, or it would stand still. */
        private void deliver(boolean error, String line) {
            try {
                line(error, rank, line);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "a consumer of output has failed; its line is lost: " + line, e);
            }
        }

        private synchronized void remember(Deque<String> last, String line) {
            if (last.size() == REMEMBERED) {
                last.removeFirst();
            }
            last.addLast(line);
        }

        /** Waits until all lines of a process that has ended were read. A process that it started may keep its streams open. */
        void awaitEnd(long millis) throws InterruptedException {
            for (Thread reader : readers) {
                reader.join(millis);
            }
        }

        /** Returns the last lines of the standard output stream, and after them those of the standard error stream. */
        synchronized List<String> lastLines() {
            List<String> lines = new ArrayList<>(lastOut);
            lines.addAll(lastErr);
            return lines;
        }
    }
}
