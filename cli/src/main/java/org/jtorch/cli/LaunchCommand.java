package org.jtorch.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.jtorch.distributed.launch.LaunchOptions;
import org.jtorch.distributed.launch.Launcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jtorch launch}: starts a program as the processes of a group. */
@Command(
        name = "launch",
        description = {
            "Starts a program several times, as processes that train together, and watches them.",
            "Each finds its place in the environment variables RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and"
                    + " MASTER_PORT. If one fails, the others are ended."
        },
        footer = "%nFor example: jtorch launch --nproc 2 -- java -cp app.jar my.Training --epochs 3")
final class LaunchCommand implements Callable<Integer> {

    /** The status of a command that was interrupted, as shells have it. */
    private static final int INTERRUPTED = 130;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--nproc",
            paramLabel = "N",
            description = "The number of processes on this machine (default: ${DEFAULT-VALUE}).")
    int processes = 1;

    @Option(
            names = "--nnodes",
            paramLabel = "M",
            description = "The number of machines, on each of which this command is started (default:"
                    + " ${DEFAULT-VALUE}).")
    int machines = 1;

    @Option(
            names = "--node-rank",
            paramLabel = "K",
            description = "The number of this machine, from 0 (default: ${DEFAULT-VALUE}).")
    int machine;

    @Option(
            names = "--master-addr",
            paramLabel = "ADDRESS",
            description = "The name or address of machine 0; needed if there are several machines.")
    @Nullable
    String masterAddr;

    @Option(
            names = "--master-port",
            paramLabel = "PORT",
            description = "A port that is free on machine 0; needed if there are several machines. The default is any"
                    + " free port.")
    @Nullable
    Integer masterPort;

    @Option(
            names = "--restart",
            paramLabel = "K",
            description = "How often to start all processes again after one has failed (default: ${DEFAULT-VALUE}).")
    int restarts;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            description = "How long the other processes may take to end before they are killed (default:"
                    + " ${DEFAULT-VALUE}).")
    int grace = 10;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The program and its arguments, after --.")
    List<String> command;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Launcher.run(
                    command,
                    options -> set(options).out(line -> print(out, line)).err(line -> print(err, line)));
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    private LaunchOptions set(LaunchOptions options) {
        if (masterAddr != null) {
            options.masterAddr(masterAddr);
        }
        if (masterPort != null) {
            options.masterPort(masterPort);
        }
        return options.processes(processes)
                .machines(machines)
                .machine(machine)
                .restarts(restarts)
                .grace(Duration.ofSeconds(grace));
    }

    private static void print(PrintWriter print, String line) {
        print.println(line);
        print.flush();
    }
}
