package org.jtorch.distributed.launch;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The arguments of {@link Launcher#run}. */
public final class LaunchOptions {

    private int processes = 1;
    private int machines = 1;
    private int machine;
    private @Nullable String masterAddr;
    private @Nullable Integer masterPort;
    private int restarts;
    private Duration grace = Duration.ofSeconds(10);
    private final Map<String, String> environment = new TreeMap<>();
    private Consumer<? super String> out = line -> {};
    private Consumer<? super String> err = line -> {};

    LaunchOptions() {}

    /** Sets the number of processes on this machine; the default is 1. */
    public LaunchOptions processes(int count) {
        processes = atLeast("the number of processes", count, 1);
        return this;
    }

    /** Sets the number of machines; the default is 1. A launcher must be started on each, with the same number of processes. */
    public LaunchOptions machines(int count) {
        machines = atLeast("the number of machines", count, 1);
        return this;
    }

    /** Sets the number of this machine, from 0. */
    public LaunchOptions machine(int number) {
        machine = atLeast("the number of this machine", number, 0);
        return this;
    }

    /** Sets the name or address of machine 0; needed if there are several machines. */
    public LaunchOptions masterAddr(String address) {
        masterAddr = address;
        return this;
    }

    /** Sets the port at which rank 0 answers; needed if there are several machines. The default is any free port. */
    public LaunchOptions masterPort(int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("the port must be from 1 to 65535, not " + port);
        }
        masterPort = port;
        return this;
    }

    /** Sets how often all processes are started again after one has failed; the default is 0. */
    public LaunchOptions restarts(int count) {
        restarts = atLeast("the number of restarts", count, 0);
        return this;
    }

    /** Sets how long a process may take to end after it was asked to, before it is killed; the default is 10 seconds. */
    public LaunchOptions grace(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the time until a process is killed must not be negative: " + time);
        }
        grace = time;
        return this;
    }

    /** Adds a variable to the environment of each process. */
    public LaunchOptions environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /**
     * Sets what gets the lines of the processes' standard output streams, each after its rank, such as {@code [rank 1] loss 0.5}. By
     * default they are discarded. One thread at a time calls it.
     */
    public LaunchOptions out(Consumer<? super String> lines) {
        out = lines;
        return this;
    }

    /**
     * Sets what gets the lines of the processes' standard error streams, each after its rank, and the launcher's own lines, which begin
     * with {@code jtorch: }. By default they are discarded. One thread at a time calls it.
     */
    public LaunchOptions err(Consumer<? super String> lines) {
        err = lines;
        return this;
    }

    private static int atLeast(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", not " + value);
        }
        return value;
    }

    void check() {
        if (machine >= machines) {
            throw new IllegalArgumentException("the number of this machine must be from 0 to " + (machines - 1)
                    + ", since there are " + machines + " machines, not " + machine);
        }
        if (masterPort != null && masterPort + restarts > 65535) {
            throw new IllegalArgumentException("each restart uses the next port: with the port " + masterPort + " and "
                    + restarts + " restarts, the last would be " + (masterPort + restarts)
                    + ", but the greatest is 65535");
        }
        if (machines > 1 && (masterAddr == null || masterPort == null)) {
            throw new IllegalArgumentException(
                    "with " + machines
                            + " machines, all need the address of machine 0 and a port that is free there (MASTER_ADDR, MASTER_PORT)");
        }
    }

    int processes() {
        return processes;
    }

    int machines() {
        return machines;
    }

    int machine() {
        return machine;
    }

    String masterAddr() {
        return masterAddr == null ? "127.0.0.1" : masterAddr;
    }

    @Nullable
    Integer masterPort() {
        return masterPort;
    }

    int restarts() {
        return restarts;
    }

    Duration grace() {
        return grace;
    }

    Map<String, String> environment() {
        return environment;
    }

    Consumer<? super String> out() {
        return out;
    }

    Consumer<? super String> err() {
        return err;
    }
}
