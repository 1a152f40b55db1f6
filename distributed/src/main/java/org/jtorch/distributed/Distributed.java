package org.jtorch.distributed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.internal.World;

/**
 * Connects processes that train or compute together (PyTorch's {@code torch.distributed}). Each process runs the same program, and knows its
 * number, its <em>rank</em>.
 *
 * <pre>{@code
 * try (ProcessGroup group = Distributed.init()) {          // RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT
 *     Tensor sum = Torch.ones(3);
 *     group.allReduce(sum);                                // the number of processes, in each of them
 * }
 * }</pre>
 *
 * <p>The processes are started by {@code jtorch launch}, torchrun, Slurm, Kubernetes or by hand. Some of them may be Python programs with
 * PyTorch, which use the backend {@code gloo}; their environment then needs {@code USE_LIBUV=0}, and rank 0 should be a Java program.
 */
public final class Distributed {

    private static @Nullable ProcessGroup world;
    private static boolean connecting;

    private Distributed() {}

    /**
     * Connects this process with the others, as the environment says.
     *
     * @return the group of all processes, which must be closed at the end
     * @throws IllegalArgumentException if a variable is missing or wrong
     * @throws IllegalStateException if this process is connected already
     * @throws DistributedException if the other processes were not reached in time
     */
    public static ProcessGroup init() {
        return init(options -> {});
    }

    /**
     * Connects this process with the others.
     *
     * @param options sets what should not be taken from the environment
     * @return the group of all processes, which must be closed at the end
     * @throws IllegalArgumentException if an argument, or a variable in its place, is missing or wrong
     * @throws IllegalStateException if this process is connected already
     * @throws DistributedException if the other processes were not reached in time
     */
    public static ProcessGroup init(Consumer<? super DistributedOptions> options) {
        begin();
        ProcessGroup group = null;
        try {
            group = ProcessGroup.connect(chosen(options), Distributed::forget); // waits for the other processes
            return group;
        } finally {
            end(group);
        }
    }

    private static synchronized void begin() {
        if (world != null) {
            throw new IllegalStateException("this process is rank " + world.rank() + " of " + world.size()
                    + " already: close that group before init");
        }
        if (connecting) {
            throw new IllegalStateException(
                    "another thread of this process has called init and waits for the other processes");
        }
        connecting = true;
    }

    private static synchronized void end(@Nullable ProcessGroup group) {
        connecting = false;
        world = group;
        if (group != null) {
            World.enter(group);
        }
    }

    /**
     * Connects one rank with the others, as {@link #init(Consumer)} does, but without making the group that of the process. {@link #group} does
     * not return it. It serves programs in which several ranks, on a thread each, share a process, as Spark's tasks do.
     *
     * @param options sets what should not be taken from the environment; at least the rank, since the threads have the same environment
     * @return the group of all ranks, which must be closed at the end
     * @throws IllegalArgumentException if an argument, or a variable in its place, is missing or wrong
     * @throws DistributedException if the other ranks were not reached in time
     */
    public static ProcessGroup connect(Consumer<? super DistributedOptions> options) {
        return ProcessGroup.connect(chosen(options), () -> {});
    }

    private static DistributedOptions chosen(Consumer<? super DistributedOptions> options) {
        return Customized.of(new DistributedOptions(Map.copyOf(System.getenv())), options);
    }

    /**
     * Returns a port of this machine that no program uses now, for {@link DistributedOptions#masterPort}. Another program may take it before
     * rank 0 does.
     *
     * @throws UncheckedIOException if there is none
     */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port was found for MASTER_PORT", e);
        }
    }

    /** Returns whether this process is connected. */
    public static synchronized boolean isInitialized() {
        return world != null;
    }

    /**
     * Returns the group of all processes.
     *
     * @throws IllegalStateException if this process is not connected
     */
    public static synchronized ProcessGroup group() {
        if (world == null) {
            throw new IllegalStateException(
                    "this process is not connected with others: call Distributed.init() first; in Spark, pass the group that the trainer is given, as in"
                            + " processGroup(group)");
        }
        return world;
    }

    private static synchronized void forget() {
        world = null;
        World.leave();
    }
}
