package org.jtorch.distributed.launch;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jtorch.distributed.Distributed;

/**
 * Starts a program several times on this machine, as the processes of a group, and watches them until all have ended, as torchrun does:
 *
 * <pre>{@code
 * Launcher.run(List.of("java", "-cp", classPath, "my.Training"), o -> o.processes(2).out(System.out::println).err(System.err::println));
 * }</pre>
 *
 * <p>Each process finds its place in the environment, where {@code Distributed.init()} reads it: {@code RANK}, {@code WORLD_SIZE}, {@code
 * LOCAL_RANK}, {@code LOCAL_WORLD_SIZE}, {@code GROUP_RANK} (the number of the machine), {@code MASTER_ADDR}, {@code MASTER_PORT}, {@code
 * TORCHELASTIC_RESTART_COUNT} (how often the processes were started again) and {@code TORCHELASTIC_MAX_RESTARTS}. {@code
 * OMP_NUM_THREADS} is set to 1 if it is not set and there is more than one process.
 *
 * <p>If a process ends with a status other than 0, or by a signal, the others are asked to end (SIGTERM), and killed if they do not. The
 * processes that these have started are ended too; those of a process that has ended by itself are not found any more, and go on, as with
 * torchrun. All processes are then started again if {@link LaunchOptions#restarts} allows it: a
 * program that loads its last checkpoint continues there. They then find each other at another port, since the old processes of
 * another machine may still run: a free one, or, if {@link LaunchOptions#masterPort} was given, the next one after it.
 */
public final class Launcher {

    private Launcher() {}

    /**
     * Runs a program as the processes of a group, and returns after all have ended with status 0. If the JVM ends before that, or the
     * thread is interrupted, the processes are ended.
     *
     * @param command the program and its arguments
     * @param options sets how many processes there are, and what becomes of their output
     * @throws IllegalArgumentException if the command is empty, or an option is missing or wrong
     * @throws LaunchException if a process could not be started, or failed more often than it may be started again
     */
    public static void run(List<String> command, Consumer<? super LaunchOptions> options) throws InterruptedException {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command is needed: the program to start, and its arguments");
        }
        LaunchOptions chosen = new LaunchOptions();
        options.accept(chosen);
        chosen.check();
        Map<String, String> threads = threads(chosen);
        RankOutput output = new RankOutput(chosen.out(), chosen.err());
        if (!threads.isEmpty()) {
            output.note("OMP_NUM_THREADS is set to 1 for each of the " + chosen.processes()
                    + " processes, so that they do not take each other's cores: set it yourself for more threads");
        }
        for (int attempt = 0; ; attempt++) {
            Map<String, String> environment = new TreeMap<>(threads);
            environment.putAll(common(chosen, attempt));
            environment.putAll(chosen.environment());
            try (RankProcesses processes = new RankProcesses(command, environment, chosen, output)) {
                processes.await();
                return;
            } catch (LaunchException e) {
                if (attempt == chosen.restarts() || e.status() < 0) {
                    throw e;
                }
                output.note(String.valueOf(e.getMessage()));
                output.note("all processes are started again (" + (attempt + 1) + " of " + chosen.restarts() + ")");
            }
        }
    }

    private static Map<String, String> threads(LaunchOptions options) {
        boolean set = System.getenv("OMP_NUM_THREADS") != null
                || options.environment().containsKey("OMP_NUM_THREADS");
        return set || options.processes() == 1 ? Map.of() : Map.of("OMP_NUM_THREADS", "1");
    }

    /** Returns the variables that are the same for all processes of this machine. */
    private static Map<String, String> common(LaunchOptions options, int attempt) {
        Integer port = options.masterPort();
        return Map.of(
                "WORLD_SIZE", Integer.toString(options.machines() * options.processes()),
                "LOCAL_WORLD_SIZE", Integer.toString(options.processes()),
                "GROUP_RANK", Integer.toString(options.machine()),
                "MASTER_ADDR", options.masterAddr(),
                "MASTER_PORT", Integer.toString(port == null ? Distributed.freePort() : port + attempt),
                "TORCHELASTIC_RESTART_COUNT", Integer.toString(attempt),
                "TORCHELASTIC_MAX_RESTARTS", Integer.toString(options.restarts()));
    }
}
