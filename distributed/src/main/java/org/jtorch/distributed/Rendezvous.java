package org.jtorch.distributed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;
import org.jtorch.internal.collectives.TcpStore;

/**
 * How the processes find each other: through a store that rank 0, or the launcher, serves. Before they are connected, the arguments of
 * this process are compared with those of the others.
 */
final class Rendezvous implements AutoCloseable {

    /** How long a process waits for what rank 0 writes first; it never comes if rank 0 is a Python program. */
    private static final Duration FIRST_VALUES = Duration.ofSeconds(2);

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    /**
     * For each rank, the name of the store that it used last in this process, which may still be there if it connects again. Several ranks
     * may share a process.
     */
    private static final Map<Integer, String> LAST_SERVERS = new ConcurrentHashMap<>();

    /** For each rank, how often it has connected with the others in this process. */
    private static final Map<Integer, Integer> GENERATIONS = new ConcurrentHashMap<>();

    /** The server, if it is this process. */
    private final TcpStore.@Nullable Server server;

    private final TcpStore connection;
    private final String prefix;
    private final String ownPrefix;
    private final DistributedOptions options;
    private final int size;

    private Rendezvous(TcpStore.@Nullable Server server, TcpStore connection, DistributedOptions options) {
        this.server = server;
        this.connection = connection;
        this.options = options;
        this.size = options.worldSize();
        // a store that the launcher serves stays when the processes end, or connect again
        boolean stays = options.isStoreServedByLauncher();
        int generation = GENERATIONS.getOrDefault(options.rank(), 0);
        this.prefix = stays && generation > 0 ? "again_" + generation + "/" : "";
        this.ownPrefix = prefix + "jtorch" + (stays ? "/attempt_" + options.attempt() : "");
    }

    /** Reaches the store, and takes this process's place. */
    static Rendezvous enter(DistributedOptions options) {
        long end = System.nanoTime() + options.timeout().toNanos();
        while (true) {
            Rendezvous rendezvous = open(options);
            try {
                if (rendezvous.takePlace(options)) {
                    GENERATIONS.merge(options.rank(), 1, Integer::sum);
                    return rendezvous;
                }
                rendezvous.close();
            } catch (DistributedException e) {
                rendezvous.close();
                throw e;
            } catch (TorchException e) {
                rendezvous.close();
                if (System.nanoTime() > end) {
                    throw unreached(options, e);
                }
            }
            if (System.nanoTime() > end) {
                throw unreached(options, null);
            }
            LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
        }
    }

    private static boolean serves(DistributedOptions options) {
        return options.rank() == 0 && !options.isStoreServedByLauncher();
    }

    private static Rendezvous open(DistributedOptions options) {
        TcpStore.Server server = serves(options) ? serve(options) : null;
        try {
            return new Rendezvous(server, connect(options), options);
        } catch (TorchException e) {
            if (server != null) {
                server.close();
            }
            throw unreached(options, e);
        }
    }

    private static TcpStore.Server serve(DistributedOptions options) {
        try {
            return TcpStore.serve(options.masterAddr(), options.masterPort(), options.timeout());
        } catch (TorchException e) {
            throw new DistributedException(
                    "rank 0 cannot serve at port " + options.masterPort() + ": " + e.getMessage()
                            + ". If another program uses the port, set another MASTER_PORT for all processes;"
                            + " if another process is rank 0, each needs a RANK of its own",
                    List.of(),
                    e);
        }
    }

    private static TcpStore connect(DistributedOptions options) {
        return TcpStore.connect(options.masterAddr(), options.masterPort(), options.timeout());
    }

    private static DistributedException unreached(DistributedOptions options, @Nullable TorchException e) {
        return new DistributedException(
                "rank " + options.rank() + " did not reach rank 0 at " + options.masterAddr() + ":"
                        + options.masterPort() + " within " + options.timeout()
                        + ": check MASTER_ADDR and MASTER_PORT, and that rank 0 runs"
                        + (e == null ? "" : " (" + e.getMessage() + ")"),
                List.of(0),
                e);
    }

    /** Returns false if the store is one of the past, which is about to end. */
    private boolean takePlace(DistributedOptions options) {
        int rank = options.rank();
        TcpStore own = own(connection);
        if (rank == 0) {
            write(own, "server", UUID.randomUUID().toString());
            write(own, "checks", Boolean.toString(options.checks()));
            write(own, "size", Integer.toString(size)); // the last, which the others wait for
        } else if (appears(own, "size")) {
            String name = read(own, "server");
            if (name.equals(LAST_SERVERS.put(rank, name))) {
                return false;
            }
            compare(options, read(own, "size"), read(own, "checks"));
        }
        if (own.add("place/" + rank, 1) > 1) {
            throw new DistributedException(
                    "another process is rank " + rank + " already: each needs a RANK of its own", List.of(), null);
        }
        return true;
    }

    private void compare(DistributedOptions options, String othersSize, String othersChecks) {
        if (!othersSize.equals(Integer.toString(size))) {
            throw new DistributedException(
                    "rank " + options.rank() + " was started with WORLD_SIZE=" + size + ", but rank 0 with WORLD_SIZE="
                            + othersSize + ": all processes need the same number",
                    List.of(),
                    null);
        }
        if (!othersChecks.equals(Boolean.toString(options.checks()))) {
            throw new DistributedException(
                    "rank " + options.rank() + " has called checks(" + options.checks() + "), but rank 0 checks("
                            + othersChecks + "): all processes need the same",
                    List.of(),
                    null);
        }
    }

    private static void write(TcpStore store, String key, String value) {
        store.set(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(TcpStore store, String key) {
        return new String(store.get(key), StandardCharsets.UTF_8);
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
    TcpStore forGroup(String name) {
        return connection.prefixed(prefix + "default_pg/" + name + "/cpu/");
    }

    /** Returns the part of a store that only jtorch uses. */
    TcpStore own(TcpStore of) {
        return of.prefixed(ownPrefix);
    }

    /** Opens another connection to the store. */
    TcpStore connectAgain() {
        return connect(options);
    }

    /** Returns whether this process serves the store. */
    boolean isServer() {
        return server != null;
    }

    /** Returns where the store is, for messages. */
    String address() {
        return options.masterAddr() + ":" + options.masterPort();
    }

    @Override
    public void close() {
        connection.close();
        if (server != null) {
            server.close();
        }
    }
}
