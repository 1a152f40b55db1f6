package org.jtorch.distributed;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link Distributed#init}. What is not set is taken from the environment, as PyTorch does: {@code RANK}, {@code
 * WORLD_SIZE}, {@code MASTER_ADDR}, {@code MASTER_PORT}, {@code LOCAL_RANK}, and {@code GLOO_SOCKET_IFNAME}.
 */
public final class DistributedOptions {

    private final Map<String, String> environment;
    private @Nullable Integer rank;
    private @Nullable Integer worldSize;
    private @Nullable String masterAddr;
    private @Nullable Integer masterPort;
    private @Nullable String networkInterface;
    private Duration timeout = Duration.ofMinutes(30);
    private boolean checks = true;

    DistributedOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Sets the number of this process, from 0. */
    public DistributedOptions rank(int rank) {
        this.rank = rank;
        return this;
    }

    /** Sets the number of processes. */
    public DistributedOptions worldSize(int worldSize) {
        this.worldSize = worldSize;
        return this;
    }

    /** Sets the name or address of the machine of rank 0, which the processes ask for the addresses of the others. */
    public DistributedOptions masterAddr(String masterAddr) {
        this.masterAddr = masterAddr;
        return this;
    }

    /** Sets the port at which rank 0 answers. */
    public DistributedOptions masterPort(int masterPort) {
        this.masterPort = masterPort;
        return this;
    }

    /** Sets the network interface, such as {@code eth0}; the default is that of the machine's name. */
    public DistributedOptions networkInterface(String networkInterface) {
        this.networkInterface = networkInterface;
        return this;
    }

    /** Sets how long {@code init} and each operation wait for the other processes; the default is 30 minutes, as in PyTorch. */
    public DistributedOptions timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.toMillis() == 0) {
            throw new IllegalArgumentException("the timeout must be at least a millisecond, not " + timeout);
        }
        this.timeout = timeout;
        return this;
    }

    /**
     * Sets whether each operation first compares, between the processes, its name and the shape and dtype of the tensor; the default is
     * true. Without the comparison an operation takes some hundred microseconds less, and calls that differ end the JVM, or give wrong
     * values. All processes must set the same. If some processes are Python programs, nothing is compared.
     */
    public DistributedOptions checks(boolean checks) {
        this.checks = checks;
        return this;
    }

    /** Returns whether operations are compared between the processes. */
    public boolean checks() {
        return checks;
    }

    /** Returns the number of this process. */
    public int rank() {
        int value = rank != null ? rank : number("RANK", "rank");
        if (value < 0 || value >= worldSize()) {
            throw new IllegalArgumentException("the rank must be from 0 to " + (worldSize() - 1) + ", since there are "
                    + worldSize() + " processes (WORLD_SIZE), not " + value);
        }
        return value;
    }

    /** Returns the number of processes. */
    public int worldSize() {
        int value = worldSize != null ? worldSize : number("WORLD_SIZE", "worldSize");
        if (value < 1) {
            throw new IllegalArgumentException("there must be at least one process, not " + value + " (WORLD_SIZE)");
        }
        return value;
    }

    /** Returns the name or address of the machine of rank 0. */
    public String masterAddr() {
        return masterAddr != null ? masterAddr : text("MASTER_ADDR", "masterAddr");
    }

    /** Returns the port at which rank 0 answers. */
    public int masterPort() {
        int value = masterPort != null ? masterPort : number("MASTER_PORT", "masterPort");
        if (value < 1 || value > 65535) {
            throw new IllegalArgumentException("the port must be from 1 to 65535, not " + value + " (MASTER_PORT)");
        }
        return value;
    }

    /** Returns the network interface; null for that of the machine's name. */
    public @Nullable String networkInterface() {
        return networkInterface != null ? networkInterface : environment.get("GLOO_SOCKET_IFNAME");
    }

    /** Returns how long to wait for the other processes. */
    public Duration timeout() {
        return timeout;
    }

    /** Returns the number of this process among those of its machine; the rank if {@code LOCAL_RANK} is not set. */
    public int localRank() {
        return environment.containsKey("LOCAL_RANK") ? number("LOCAL_RANK", "rank") : rank();
    }

    /** Returns how often the launcher has started the processes again. */
    String attempt() {
        return environment.getOrDefault("TORCHELASTIC_RESTART_COUNT", "0");
    }

    /** Returns whether another process serves the store, as torchrun does. */
    boolean isStoreServedByLauncher() {
        return "True".equals(environment.get("TORCHELASTIC_USE_AGENT_STORE"));
    }

    private int number(String variable, String setter) {
        String value = text(variable, setter);
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the environment variable " + variable + " must be a number, not '" + value + "'", e);
        }
    }

    private String text(String variable, String setter) {
        String value = environment.get(variable);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("the environment variable " + variable
                    + " is not set: start the process with" + " `jtorch launch` or torchrun, set the variable, or call "
                    + setter + "(...) on the options");
        }
        return value;
    }
}
