package org.jtorch.distributed;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.TorchException;
import org.jtorch.distributed.internal.AtExit;
import org.jtorch.internal.collectives.GlooGroup;

/** What the groups of this process have in common: the store, the signs of life, and what they say about a failure. */
final class Connection implements AutoCloseable {

    private final Rendezvous rendezvous;
    private final Liveness liveness;
    private final DistributedOptions options;
    private @Nullable AtExit atExit;
    private boolean compares;
    private int groups = 1;

    private Connection(Rendezvous rendezvous, Liveness liveness, DistributedOptions options) {
        this.rendezvous = rendezvous;
        this.liveness = liveness;
        this.options = options;
    }

    /**
     * Finds the store and takes this process's place. It ends with the JVM at the latest, since the engine's threads for it would not
     * survive the engine's destructors.
     */
    static Connection open(DistributedOptions options) {
        Rendezvous rendezvous = Rendezvous.enter(options);
        Connection connection;
        try {
            connection = new Connection(
                    rendezvous, Liveness.start(rendezvous, options.rank(), options.worldSize()), options);
        } catch (TorchException e) {
            rendezvous.close();
            throw e;
        }
        try {
            connection.atExit = AtExit.register(connection::end, "jtorch-group-exit");
        } catch (IllegalStateException e) {
            connection.end();
            throw new DistributedException("the JVM ends, so that no group can be made", List.of(), e);
        }
        return connection;
    }

    DistributedOptions options() {
        return options;
    }

    /** Connects some processes by the engine. */
    GlooGroup engine(String name, int rank, int size) {
        return GlooGroup.connect(rendezvous.forGroup(name), rank, size, options.timeout(), options.networkInterface());
    }

    /**
     * Makes the groups compare calls if that was asked for and all processes can do so. Called when all are connected: those that have not
     * taken their place then are Python programs, which do not compare calls.
     */
    void compareIfAllDo() {
        compares = options.checks()
                && options.worldSize() > 1
                && rendezvous.absent().isEmpty();
    }

    /** Returns whether the processes compare their calls. */
    boolean comparesCalls() {
        return compares;
    }

    /** Returns the number of the next group, which is the same in all processes. */
    int nextGroup() {
        return groups++;
    }

    // --- failures

    /** Returns the exception for processes that could not be connected. */
    DistributedException notConnected(TorchException e) {
        int rank = options.rank();
        String text = "rank " + rank + " could not be connected with the others";
        List<Integer> absent;
        try {
            absent = rendezvous.absent();
        } catch (TorchException gone) {
            return new DistributedException(text + ": " + noStore() + ". (" + e.getMessage() + ")", withoutStore(), e);
        }
        if (!absent.isEmpty()) {
            text = "rank " + rank + " waited " + options.timeout() + " for " + ranks(absent) + ", which did not start: "
                    + options.worldSize() + " processes are expected (WORLD_SIZE)";
        }
        return new DistributedException(text + ". (" + e.getMessage() + ")", absent, e);
    }

    /**
     * Returns the exception for an operation that failed, after finding out which processes are gone.
     *
     * @param members the processes that take part in it
     * @param rank the rank among them
     */
    DistributedException failure(String operation, List<Integer> members, int rank, TorchException e) {
        Liveness.Signs signs = liveness.observe();
        List<Integer> silent = signs.storeAnswers()
                ? signs.silent().stream().filter(members::contains).toList()
                : withoutStore();
        String reason;
        if (!signs.storeAnswers()) {
            reason = noStore();
        } else if (silent.isEmpty()) {
            reason =
                    "another process closed its group, passed a tensor of another shape or dtype, called another operation, or did not"
                            + " call this one within " + options.timeout();
        } else {
            reason = ranks(silent) + (silent.size() == 1 ? " has ended or stopped" : " have ended or stopped");
        }
        return new DistributedException(
                operation + " failed in rank " + members.get(rank) + ": " + reason
                        + ". Close the group and start all processes again. (" + e.getMessage() + ")",
                silent,
                e);
    }

    private String noStore() {
        String text = "the store at " + rendezvous.address() + " does not answer, so that ";
        return rendezvous.isServer()
                ? text + "the network of this machine does not work"
                : text + "rank 0, or the launcher, has ended or stopped, or the network does not work";
    }

    /** Returns who is missing if the store does not answer. */
    private List<Integer> withoutStore() {
        return rendezvous.isServer() ? List.of() : List.of(0);
    }

    /** Returns the ranks as a text, for messages. */
    static String ranks(List<Integer> ranks) {
        String list = String.join(", ", ranks.stream().map(String::valueOf).toList());
        return (ranks.size() == 1 ? "rank " : "ranks ") + list;
    }

    // --- the end

    @Override
    public void close() {
        end();
        if (atExit != null) {
            atExit.close();
        }
    }

    private void end() {
        liveness.close();
        rendezvous.close();
    }
}
