package org.jtorch.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;

/**
 * {@code jtorch diff} in a process of its own: of two small files first, then of two others. It prints the greatest growth of
 * its own memory in bytes, not counting pages of files, and the output of the command.
 */
final class DiffMemory {

    private DiffMemory() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        diff(arguments[0], arguments[1]);
        long before = resident();
        AtomicLong most = new AtomicLong(before);
        Thread watcher = new Thread(() -> {
            try {
                while (!Thread.interrupted()) {
                    most.accumulateAndGet(resident(), Math::max);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        String said = diff(arguments[2], arguments[3]);
        watcher.interrupt();
        watcher.join();
        System.out.println(most.get() - before);
        System.out.println(said);
    }

    private static String diff(String left, String right) {
        CommandLine line = Main.commandLine();
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out, true));
        line.execute("diff", left, right, "--atol", "1e-9");
        return out.toString();
    }

    /** Returns the resident memory of the process that does not belong to files. */
    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("RssAnon:")) {
                return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no RssAnon in /proc/self/status");
    }
}
