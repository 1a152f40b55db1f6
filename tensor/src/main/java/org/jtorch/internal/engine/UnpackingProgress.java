package org.jtorch.internal.engine;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * Reports on the standard error that the native libraries are being unpacked, if this takes more than a moment. JavaCPP
 * unpacks them into its cache when they are loaded for the first time. If they are there already, nothing is reported.
 *
 * <p>The system property {@code jtorch.progress} switches the report off if it is {@code false}.
 */
final class UnpackingProgress implements AutoCloseable {

    private static final long MOMENT_MS = 1_000;
    private static final long BETWEEN_LINES_MS = 5_000;
    private static final long MB = 1_000_000;

    private final Path cache;
    private final PrintStream out;
    private final Thread thread;
    private final long started = System.nanoTime();

    private UnpackingProgress(Path cache, PrintStream out) {
        this.cache = cache;
        this.out = out;
        this.thread = new Thread(this::watch, "jtorch-unpacking-progress");
        thread.setDaemon(true);
    }

    /** Watches JavaCPP's cache until the result is closed. */
    static UnpackingProgress start() {
        return start(cache(), System.err, !"false".equalsIgnoreCase(System.getProperty("jtorch.progress")));
    }

    static UnpackingProgress start(Path cache, PrintStream out, boolean on) {
        UnpackingProgress progress = new UnpackingProgress(cache, out);
        if (on) {
            progress.thread.start();
        }
        return progress;
    }

    private static Path cache() {
        try {
            return Loader.getCacheDir().toPath();
        } catch (IOException e) {
            // JavaCPP reports this case itself when it loads, with the property to set
            return Path.of(System.getProperty("java.io.tmpdir"));
        }
    }

    private void watch() {
        long before = size();
        boolean said = false;
        try {
            Thread.sleep(MOMENT_MS);
            while (true) {
                long unpacked = size() - before;
                if (unpacked >= MB && !said) {
                    said = true;
                    out.println("jtorch: unpacking the native libraries into " + cache
                            + ", which is done once (-Djtorch.progress=false hides this)");
                } else if (said) {
                    out.println("jtorch: " + unpacked / MB + " MB unpacked");
                }
                Thread.sleep(said ? BETWEEN_LINES_MS : MOMENT_MS);
            }
        } catch (InterruptedException e) {
            if (said) {
                out.printf(
                        "jtorch: %d MB unpacked in %.1f s%n",
                        (size() - before) / MB, (System.nanoTime() - started) / 1e9);
            }
        }
    }

    /** Returns the number of bytes in the cache. Files may change meanwhile, since the number is only shown. */
    private long size() {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.mapToLong(file -> Files.isSymbolicLink(file) || Files.isDirectory(file)
                            ? 0
                            : file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
