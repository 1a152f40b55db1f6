package org.jtorch.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Starts Java programs as the processes of a group, on this machine, and collects what they print. */
final class Ranks implements AutoCloseable {

    /**
     * What a process printed and returned.
     *
     * @param status the exit status; 137 if it was killed
     * @param lines the lines of its output, without those of libraries
     */
    record Result(int status, List<String> lines) {

        /** Returns the text after {@code key} and a space in the first line that begins with it. */
        String value(String key) {
            return lines.stream()
                    .filter(line -> line.startsWith(key + " "))
                    .map(line -> line.substring(key.length() + 1))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no line begins with '" + key + "': " + this));
        }
    }

    private final List<Process> processes = new ArrayList<>();
    private final List<Path> outputs = new ArrayList<>();

    private Ranks() {}

    /** Runs {@code program} in some processes to their end. */
    static List<Result> run(int count, Class<?> program, String... arguments) {
        try (Ranks ranks = start(count, program, arguments)) {
            return ranks.await(Duration.ofSeconds(120));
        }
    }

    /** Starts {@code program} in some processes, which find their numbers in the environment. */
    static Ranks start(int count, Class<?> program, String... arguments) {
        Ranks ranks = new Ranks();
        int port = Distributed.freePort();
        for (int rank = 0; rank < count; rank++) {
            ranks.add(environment(rank, count, port), program, arguments);
        }
        return ranks;
    }

    /** Returns the environment of one process. */
    static Map<String, String> environment(int rank, int count, int port) {
        return new TreeMap<>(Map.of(
                "RANK", Integer.toString(rank),
                "LOCAL_RANK", Integer.toString(rank),
                "WORLD_SIZE", Integer.toString(count),
                "MASTER_ADDR", "127.0.0.1",
                "MASTER_PORT", Integer.toString(port)));
    }

    /** Starts nothing yet. */
    static Ranks none() {
        return new Ranks();
    }

    /** Starts one more process. */
    void add(Map<String, String> environment, Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("rank", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            processes.add(builder.start());
            outputs.add(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a process, so that a test can kill it. */
    Process process(int index) {
        return processes.get(index);
    }

    /** Waits until a process has printed a line that begins with {@code text}. */
    void awaitLine(int index, String text) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (lines(index).stream().noneMatch(line -> line.startsWith(text))) {
            if (System.nanoTime() > end || !processes.get(index).isAlive()) {
                throw new AssertionError("process " + index + " did not print '" + text + "': " + lines(index));
            }
            sleep();
        }
    }

    /** Waits until one process has ended. */
    void awaitEnd(int index) throws InterruptedException {
        if (!processes.get(index).waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + index + " still runs: " + lines(index));
        }
    }

    /** Waits until all processes have ended. Those that still run after {@code limit} are killed, and the test fails. */
    List<Result> await(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            Process process = processes.get(i);
            try {
                if (!process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("process " + i + " still runs after " + limit + ": " + lines(i));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            results.add(new Result(process.exitValue(), lines(i)));
        }
        return results;
    }

    /** Returns what a process has printed so far. */
    List<String> lines(int index) {
        try {
            return Files.readAllLines(outputs.get(index), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        for (Path output : outputs) {
            output.toFile().delete();
        }
    }
}
