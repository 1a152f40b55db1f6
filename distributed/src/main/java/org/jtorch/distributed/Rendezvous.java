package org.jtorch.distributed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jtorch.TorchException;
import org.jtorch.internal.collectives.TcpStore;

/**
 * How the processes find each other: through a store that rank 0, or the launcher, serves. Before they are connected, the arguments of
 * this process are compared with those of the others.
 */
final class Rendezvous implements AutoCloseable {

    /** How long a process waits for what rank 0 writes first; it never comes if rank 0 is a Python program. */
    private static final Duration FIRST_VALUES = Duration.ofSeconds(2);

    private final TcpStore connection;
    private final String host;
    private final int port;
    private final int size;
    private final Duration timeout;

    private Rendezvous(TcpStore connection, String host, int port, int size, Duration timeout) {
        this.connection = connection;
        this.host = host;
        this.port = port;
        this.size = size;
        this.timeout = timeout;
    }

    /** Reaches the store, and takes this process's place. */
    static Rendezvous enter(DistributedOptions options) {
        int rank = options.rank();
        int size = options.worldSize();
        String host = options.masterAddr();
        int port = options.masterPort();
        boolean server = rank == 0 && !options.isStoreServedByLauncher();
        TcpStore connection;
        try {
            connection = TcpStore.open(host, port, server, options.timeout());
        } catch (TorchException e) {
            throw new DistributedException(
                    server
                            ? "rank 0 cannot serve at port " + port + ": " + e.getMessage()
                                    + ". If another program uses the port, set another MASTER_PORT for all processes"
                            : "rank " + rank + " did not reach rank 0 at " + host + ":" + port + " within "
                                    + options.timeout() + ": check MASTER_ADDR and MASTER_PORT, and that rank 0 runs. "
                                    + e.getMessage(),
                    server ? List.of() : List.of(0),
                    e);
        }
        Rendezvous rendezvous = new Rendezvous(connection, host, port, size, options.timeout());
        try {
            rendezvous.takePlace(rank);
            return rendezvous;
        } catch (RuntimeException e) {
            rendezvous.close();
            throw e;
        }
    }

    private void takePlace(int rank) {
        TcpStore own = own(connection);
        if (rank == 0) {
            own.set("size", Integer.toString(size).getBytes(StandardCharsets.UTF_8));
        } else if (appears(own, "size")) {
            String others = new String(own.get("size"), StandardCharsets.UTF_8);
            if (!others.equals(Integer.toString(size))) {
                throw new DistributedException(
                        "rank " + rank + " was started with WORLD_SIZE=" + size + ", but rank 0 with WORLD_SIZE="
                                + others + ": all processes need the same number",
                        List.of(),
                        null);
            }
        }
        if (own.add("place/" + rank, 1) > 1) {
            throw new DistributedException(
                    "another process is rank " + rank + " already: each needs a RANK of its own", List.of(), null);
        }
    }

    private static boolean appears(TcpStore store, String key) {
        long end = System.nanoTime() + FIRST_VALUES.toNanos();
        while (!store.has(key)) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(5_000_000);
        }
        return true;
    }

    /** Returns the ranks that have not taken their place. */
    List<Integer> absent() {
        List<Integer> absent = new ArrayList<>();
        TcpStore own = own(connection);
        for (int i = 0; i < size; i++) {
            if (!own.has("place/" + i)) {
                absent.add(i);
            }
        }
        return absent;
    }

    /** Returns the store for the engine's connections of a group, with the keys that PyTorch uses. */
    TcpStore forGroup(int number) {
        return base(connection).prefixed("default_pg").prefixed(number + "/").prefixed("cpu/");
    }

    /** Returns the part of a store that only jtorch uses. */
    TcpStore own(TcpStore of) {
        return base(of).prefixed("jtorch");
    }

    /** Returns the part of a store for this start of the processes: torchrun counts how often it has started them. */
    private static TcpStore base(TcpStore of) {
        return "True".equals(System.getenv("TORCHELASTIC_USE_AGENT_STORE"))
                ? of.prefixed("/worker/attempt_" + System.getenv().getOrDefault("TORCHELASTIC_RESTART_COUNT", "0"))
                : of;
    }

    /** Opens another connection to the store. */
    TcpStore connectAgain() {
        return TcpStore.open(host, port, false, timeout);
    }

    /** Returns where the store is, for messages. */
    String address() {
        return host + ":" + port;
    }

    @Override
    public void close() {
        connection.close();
    }
}
