package org.jtorch.distributed.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jtorch.distributed.internal.AtExit;

/** The processes of one start. */
final class RankProcesses implements AutoCloseable {

    /** How long to wait for the last lines of a process that has ended. */
    private static final long LAST_LINES_MILLIS = 1000;

    /** A process, with its place. */
    private record Started(int rank, Process process, RankOutput.OfProcess output) {}

    /** Also the lock for {@link #jvmEnds}. */
    private final List<Started> all = new ArrayList<>();

    private final BlockingQueue<Started> ended = new LinkedBlockingQueue<>();
    private final long graceNanos;
    private final AtExit atExit;
    private boolean jvmEnds;

    /** Starts them. */
    RankProcesses(List<String> command, Map<String, String> environment, LaunchOptions options, RankOutput output)
            throws InterruptedException {
        graceNanos = options.grace().toNanos();
        try {
            atExit = AtExit.register(this::endWithTheJvm, "jtorch-launch-end");
        } catch (IllegalStateException e) {
            throw new InterruptedException("the JVM ends");
        }
        int rank = options.machine() * options.processes();
        try {
            for (int local = 0; local < options.processes(); local++, rank++) {
                ProcessBuilder builder = new ProcessBuilder(command);
                builder.environment().remove("TORCHELASTIC_USE_AGENT_STORE"); // rank 0 serves the store
                builder.environment().putAll(environment);
                builder.environment().put("RANK", Integer.toString(rank));
                builder.environment().put("LOCAL_RANK", Integer.toString(local));
                start(rank, builder, output);
            }
        } catch (IOException e) {
            close();
            throw new LaunchException(
                    "'" + command.get(0) + "' cannot be started: is it the name of a program? " + e.getMessage(),
                    rank,
                    -1,
                    List.of(),
                    e);
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void start(int rank, ProcessBuilder builder, RankOutput output) throws IOException, InterruptedException {
        synchronized (all) {
            if (jvmEnds) {
                throw new InterruptedException("the JVM ends");
            }
            Process process = builder.start();
            process.getOutputStream().close(); // nothing can be typed in
            Started started = new Started(rank, process, output.new OfProcess(rank, process));
            all.add(started);
            var unused = process.onExit().thenRun(() -> ended.add(started));
        }
    }

    /**
     * Waits until all have ended with status 0.
     *
     * @throws LaunchException after one has failed, and the others were ended
     */
    void await() throws InterruptedException {
        for (int i = 0; i < all.size(); i++) {
            Started first = ended.take();
            synchronized (all) {
                if (jvmEnds) {
                    throw new InterruptedException("the JVM ends");
                }
            }
            int status = first.process.exitValue();
            if (status != 0) {
                end();
                first.output.awaitEnd(LAST_LINES_MILLIS);
                throw new LaunchException(message(first, status), first.rank, status, first.output.lastLines(), null);
            }
        }
        for (Started each : all) {
            each.output.awaitEnd(LAST_LINES_MILLIS);
        }
    }

    private String message(Started failed, int status) {
        StringBuilder text = new StringBuilder("rank " + failed.rank + " " + Signals.describe(status));
        if (all.size() > 1) {
            text.append("; the other processes of this machine were ended");
        }
        List<String> lines = failed.output.lastLines();
        if (!lines.isEmpty()) {
            text.append(". Its last lines:");
            lines.forEach(
                    line -> text.append(System.lineSeparator()).append("  ").append(line));
        }
        return text.toString();
    }

    private void endWithTheJvm() {
        synchronized (all) {
            jvmEnds = true;
        }
        end();
    }

    /** Ends those that still run, with the processes that they have started: first by asking, then by force. */
    private void end() {
        List<ProcessHandle> running;
        synchronized (all) {
            running = all.stream()
                    .map(each -> each.process.toHandle())
                    .flatMap(handle -> Stream.concat(handle.descendants(), Stream.of(handle)))
                    .filter(RankProcesses::isRunning)
                    .toList();
        }
        running.forEach(ProcessHandle::destroy);
        long end = System.nanoTime() + graceNanos;
        running.forEach(each -> awaitEnd(each, end));
        running.stream().filter(RankProcesses::isRunning).forEach(ProcessHandle::destroyForcibly);
    }

    private static void awaitEnd(ProcessHandle process, long end) {
        boolean interrupted = false;
        while (isRunning(process) && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                interrupted = true; // the processes are ended first
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether a process runs. One that has ended, but whose parent has not taken note of it, has no command. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** Ends those that still run. */
    @Override
    public void close() {
        end();
        atExit.close();
    }
}
