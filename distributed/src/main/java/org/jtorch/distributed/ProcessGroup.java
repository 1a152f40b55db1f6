package org.jtorch.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.collectives.GlooGroup;
import org.jtorch.internal.collectives.Pending;
import org.jtorch.nn.norm.BatchGroup;

/**
 * Processes that exchange tensors (PyTorch's {@code torch.distributed.ProcessGroup}), over Gloo. All processes of a group must call the same
 * operations in the same order, with tensors of the same shape and dtype; {@link DistributedOptions#checks} compares that. The operations
 * change tensors in place, and autograd does not record them.
 *
 * <p>If a process ends or stops, the operation that needs it fails in the others with a {@link DistributedException} that names it. That
 * takes some seconds if the process ended, and up to the group's timeout if it only stopped. Then the group can no longer be used: close
 * it, and start all processes again.
 *
 * <p>Ranks are those within this group. Tensors must be dense and on the CPU. One thread at a time may call operations; the tensors that an
 * operation uses must not be changed meanwhile. An operation blocks the thread in native code, so that a virtual thread occupies its
 * carrier.
 */
public final class ProcessGroup extends BatchGroup implements AutoCloseable {

    /** The tag of {@link #send} and {@link #recv} without one, as in PyTorch. */
    private static final int NO_TAG = 0;

    private final GlooGroup engine;
    private final @Nullable CallChecks checks;
    private final Calls calls = new Calls();

    /** Transfers that nobody has awaited yet: if the collector freed one, the engine's connection would stand still. */
    private final Set<Pending> unfinished = ConcurrentHashMap.newKeySet();

    private final List<Integer> members;
    private final int rank;
    private final Connection connection;
    private final boolean isOfAll;
    private final Runnable closing;
    private volatile boolean closed;
    private int models;

    private ProcessGroup(
            GlooGroup engine,
            @Nullable CallChecks checks,
            List<Integer> members,
            int rank,
            Connection connection,
            boolean isOfAll,
            Runnable closing) {
        this.engine = engine;
        this.checks = checks;
        this.members = members;
        this.rank = rank;
        this.connection = connection;
        this.isOfAll = isOfAll;
        this.closing = closing;
    }

    /** Connects this process with all others. */
    static ProcessGroup connect(DistributedOptions options, Runnable closing) {
        int rank = options.rank();
        Connection connection = Connection.open(options);
        try {
            List<Integer> members =
                    IntStream.range(0, options.worldSize()).boxed().toList();
            GlooGroup engine = connection.engine("0/", rank, members.size());
            connection.compareIfAllDo();
            return new ProcessGroup(
                    engine, checks(engine, connection, 0, members, rank), members, rank, connection, true, () -> {
                        connection.close();
                        closing.run();
                    });
        } catch (TorchException e) {
            DistributedException failure = connection.notConnected(e);
            connection.close();
            throw failure;
        }
    }

    private static @Nullable CallChecks checks(
            GlooGroup engine, Connection connection, int number, List<Integer> members, int rank) {
        if (!connection.comparesCalls() || members.size() == 1) {
            return null;
        }
        try {
            return new CallChecks(connection.engine(number + "/checks/", rank, members.size()), members);
        } catch (TorchException e) {
            engine.close();
            throw e;
        }
    }

    /** Returns the number of this process in the group, from 0. */
    public int rank() {
        return rank;
    }

    /** Returns the number of processes in the group. */
    @Override
    public int size() {
        return members.size();
    }

    /** Returns the rank in the group of all processes of each member. */
    public List<Integer> members() {
        return members;
    }

    /** Returns how long an operation waits for the other processes. */
    public Duration timeout() {
        return connection.options().timeout();
    }

    /**
     * Creates a group of some processes. All processes must call this method of the group of all processes, also those that do not belong
     * to the new one.
     *
     * @param ranks their ranks in the group of all processes, in the order of their new ranks
     * @return the group; empty if this process does not belong to it
     * @throws IllegalArgumentException if a rank does not exist or is given twice
     * @throws IllegalStateException if this group is not that of all processes
     */
    public Optional<ProcessGroup> newGroup(List<Integer> ranks) {
        checkOpen();
        if (!isOfAll) {
            throw new IllegalStateException("this is a group of the ranks " + members
                    + ": groups are made by the group of all processes, in all of them");
        }
        if (ranks.isEmpty() || new HashSet<>(ranks).size() != ranks.size()) {
            throw new IllegalArgumentException("a group needs different ranks, not " + ranks);
        }
        int all = connection.options().worldSize();
        for (int each : ranks) {
            if (each < 0 || each >= all) {
                throw new IllegalArgumentException("there is no rank " + each + ": there are " + all + " processes");
            }
        }
        if (checks != null) {
            translated("newGroup", () -> {
                checks.compare("newGroup of the ranks " + ranks);
                return null;
            });
        }
        int number = connection.nextGroup();
        int own = ranks.indexOf(members.get(rank));
        if (own < 0) {
            return Optional.empty();
        }
        try {
            List<Integer> chosen = List.copyOf(ranks);
            GlooGroup made = connection.engine("0//" + number + "/", own, chosen.size()); // PyTorch prefixes its prefix
            return Optional.of(new ProcessGroup(
                    made, checks(made, connection, number, chosen, own), chosen, own, connection, false, () -> {}));
        } catch (TorchException e) {
            throw failure("newGroup", e);
        }
    }

    // --- operations
    // ----------------------------------------------------------------------------------------------------

    /** Waits until all processes have called this method. */
    public void barrier() {
        // the comparison alone makes all processes wait for each other
        start("barrier", "barrier", false, null, () -> checks == null ? engine.barrier() : null, null)
                .await();
    }

    /**
     * Copies the values of one process to all others.
     *
     * @param tensor the values of {@code source}, and in the other processes what is overwritten
     * @param source the rank whose values are sent
     */
    public void broadcast(Tensor tensor, int source) {
        broadcast(tensor, source, false).await();
    }

    /** Starts {@link #broadcast}. */
    public Work broadcastAsync(Tensor tensor, int source) {
        return broadcast(tensor, source, true);
    }

    private Work broadcast(Tensor tensor, int source, boolean later) {
        checkRank(source, "source");
        String call = CallChecks.describe("broadcast from " + source, tensor);
        Transfer transfer = Transfer.ofBytes(tensor).written();
        return start("broadcast", call, later, transfer, () -> engine.broadcast(transfer.sent(), source), () -> {});
    }

    /** Replaces the values by their sum over all processes. */
    @Override
    public void allReduce(Tensor tensor) {
        allReduce(tensor, ReduceOp.SUM);
    }

    /** Replaces the values by those of all processes, combined. */
    public void allReduce(Tensor tensor, ReduceOp op) {
        allReduce(tensor, op, false).await();
    }

    /** Starts {@link #allReduce(Tensor, ReduceOp)}. */
    public Work allReduceAsync(Tensor tensor, ReduceOp op) {
        return allReduce(tensor, op, true);
    }

    /** Starts {@link #allReduce(Tensor, ReduceOp)}, and compares a text too. */
    Work allReduceNamed(Tensor tensor, ReduceOp op, String name) {
        return allReduce(tensor, op, CallChecks.describe("allReduce by " + op + " (" + name + ")", tensor), true);
    }

    /** Returns the number of the next data-parallel model of this group, which is the same in all processes. */
    int nextModel() {
        return models++;
    }

    /**
     * Starts {@link #allReduce(Tensor, ReduceOp)} without a comparison of the call between the processes. The caller must know that they
     * all pass the same shape and dtype, since they have compared it before; otherwise the engine ends the JVM.
     */
    Work allReduceUncompared(Tensor tensor, ReduceOp op) {
        return allReduce(tensor, op, null, false);
    }

    private Work allReduce(Tensor tensor, ReduceOp op, boolean later) {
        return allReduce(tensor, op, CallChecks.describe("allReduce by " + op, tensor), later);
    }

    private Work allReduce(Tensor tensor, ReduceOp op, @Nullable String call, boolean later) {
        Transfer transfer = Transfer.ofNumbers(tensor, op).written();
        return start(
                "allReduce",
                call,
                later,
                transfer,
                () -> engine.allReduce(transfer.sent(), op.reduction()),
                () -> average(tensor, op));
    }

    /**
     * Replaces the values of one process by those of all, combined. What the others then have is undefined.
     *
     * @param destination the rank that gets the result
     */
    public void reduce(Tensor tensor, int destination, ReduceOp op) {
        checkRank(destination, "destination");
        String call = CallChecks.describe("reduce to " + destination + " by " + op, tensor);
        Transfer transfer = Transfer.ofNumbers(tensor, op).written();
        start(
                        "reduce",
                        call,
                        false,
                        transfer,
                        () -> engine.reduce(transfer.sent(), destination, op.reduction()),
                        () -> average(tensor, op))
                .await();
    }

    private void average(Tensor tensor, ReduceOp op) {
        if (op == ReduceOp.AVG) {
            tensor.detach().div_(size());
        }
    }

    /** Returns the values of all processes, by rank. */
    @Override
    public List<Tensor> allGather(Tensor tensor) {
        Tensor all = empty(tensor, size());
        Transfer sent = Transfer.ofBytes(tensor);
        Transfer received = Transfer.ofBytes(all);
        start(
                        "allGather",
                        CallChecks.describe("allGather", tensor),
                        false,
                        received,
                        () -> engine.allGather(received.sent(), sent.sent()),
                        () -> {})
                .await();
        return all.unbind(0);
    }

    /**
     * Combines the values of all processes, and returns the part of this process.
     *
     * @param tensor of shape {@code (size() * N, ...)}, equal in all processes
     * @return of shape {@code (N, ...)}
     */
    public Tensor reduceScatter(Tensor tensor, ReduceOp op) {
        long[] shape = tensor.shape();
        if (shape.length == 0 || shape[0] % size() != 0) {
            throw new IllegalArgumentException("the first dimension must be a multiple of the " + size()
                    + " processes, not that of " + java.util.Arrays.toString(shape));
        }
        long[] part = shape.clone();
        part[0] = shape[0] / size();
        Tensor output = Torch.empty(part, org.jtorch.TensorOptions.of(tensor.dtype()));
        Transfer sent = Transfer.ofNumbers(tensor, op);
        Transfer received = Transfer.ofNumbers(output, op);
        start(
                        "reduceScatter",
                        CallChecks.describe("reduceScatter by " + op, tensor),
                        false,
                        received,
                        () -> engine.reduceScatter(received.sent(), sent.sent(), op.reduction()),
                        () -> average(output, op))
                .await();
        return output;
    }

    /**
     * Sends the values of all processes to one.
     *
     * @param destination the rank that gets them
     * @return the values by rank; empty in the other processes
     */
    public List<Tensor> gather(Tensor tensor, int destination) {
        checkRank(destination, "destination");
        if (rank != destination) {
            send(tensor, destination);
            return List.of();
        }
        List<Tensor> all = new ArrayList<>();
        for (int from = 0; from < size(); from++) {
            Tensor each = Torch.emptyLike(tensor.detach());
            if (from == rank) {
                each.copy_(tensor.detach());
            } else {
                recv(each, from);
            }
            all.add(each);
        }
        return all;
    }

    /**
     * Sends a tensor to each process.
     *
     * @param tensor what is overwritten by the values for this process
     * @param values in the process {@code source}, the values by rank; ignored in the others
     * @param source the rank that sends
     */
    public void scatter(Tensor tensor, List<Tensor> values, int source) {
        checkRank(source, "source");
        if (rank != source) {
            recv(tensor, source);
            return;
        }
        if (values.size() != size()) {
            throw new IllegalArgumentException(
                    "scatter needs a tensor for each of the " + size() + " processes, not " + values.size());
        }
        for (int to = 0; to < size(); to++) {
            if (to == rank) {
                tensor.detach().copy_(values.get(to).detach());
            } else {
                send(values.get(to), to);
            }
        }
    }

    /** Sends values to one process, which must call {@link #recv(Tensor, int)}. */
    public void send(Tensor tensor, int destination) {
        sendAsync(tensor, destination, NO_TAG).await();
    }

    /**
     * Starts to send values.
     *
     * @param tag a number that the receiver must give too
     */
    public Work sendAsync(Tensor tensor, int destination, int tag) {
        checkOther(destination, "destination");
        checkTag(tag);
        checkOpen();
        Transfer transfer = Transfer.ofBytes(tensor);
        if (checks == null) {
            return move("send", transfer, each -> engine.send(each, destination, tag), false);
        }
        String what = CallChecks.describe("a tensor", tensor);
        CallChecks.Announcement said = translated("send", () -> checks.announce(what, destination, tag));
        return new Announced(
                announcement("send", said),
                () -> {},
                move("send", transfer, each -> engine.send(each, destination, CallChecks.tag(what, tag)), false));
    }

    /** Overwrites the values by those that one process sends. */
    public void recv(Tensor tensor, int source) {
        recvAsync(tensor, source, NO_TAG).await();
    }

    /**
     * Starts to receive values.
     *
     * @param tag the number that the sender gives
     */
    public Work recvAsync(Tensor tensor, int source, int tag) {
        checkOther(source, "source");
        checkTag(tag);
        checkOpen();
        Transfer transfer = Transfer.ofBytes(tensor).written();
        if (checks == null) {
            return move("recv", transfer, each -> engine.recv(each, source, tag), true);
        }
        String what = CallChecks.describe("a tensor", tensor);
        CallChecks.Announcement said = translated("recv", () -> checks.expect(source, tag));
        return new Announced(
                announcement("recv", said),
                () -> checks.compare(what, said, source, rank),
                move("recv", transfer, each -> engine.recv(each, source, CallChecks.tag(what, tag)), true));
    }

    /**
     * Returns the value of one process: anything that a checkpoint holds, such as texts, numbers, tensors, and lists and maps of them.
     *
     * @param value the value in the process {@code source}; ignored in the others
     * @param source the rank whose value is sent
     */
    public @Nullable Object broadcastObject(@Nullable Object value, int source) {
        checkRank(source, "source");
        byte[] bytes = new byte[0];
        RuntimeException refused = null;
        if (rank == source) {
            try {
                bytes = ObjectBytes.write(value);
            } catch (RuntimeException e) {
                refused = e; // the others must learn it
            }
        }
        Tensor length = Torch.tensor(new long[] {refused == null ? bytes.length : -1});
        broadcast(length, source);
        if (refused != null) {
            throw refused;
        }
        if (length.toLongArray()[0] < 0) {
            throw new DistributedException(
                    "rank " + members.get(source) + " could not send its value, as its own error says",
                    List.of(),
                    null);
        }
        Tensor data = rank == source
                ? ObjectBytes.tensor(bytes)
                : Torch.empty(new long[] {length.toLongArray()[0]}, DType.UINT8);
        broadcast(data, source);
        return rank == source ? value : ObjectBytes.read(data);
    }

    /** Returns the values of all processes, by rank, as {@link #broadcastObject} sends them. */
    public List<@Nullable Object> allGatherObject(@Nullable Object value) {
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            all.add(broadcastObject(i == rank ? value : null, i));
        }
        return all;
    }

    // --- how operations run
    // --------------------------------------------------------------------------------------------

    private static Tensor empty(Tensor tensor, int count) {
        long[] shape = new long[tensor.shape().length + 1];
        shape[0] = count;
        System.arraycopy(tensor.shape(), 0, shape, 1, shape.length - 1);
        return Torch.empty(shape, org.jtorch.TensorOptions.of(tensor.dtype()));
    }

    /**
     * Starts an operation of all processes.
     *
     * @param name its name, for messages
     * @param call what all processes must call; null if it was compared already
     * @param later whether this method returns before the others have called it
     * @param transfer the tensor; null if there is none
     * @param operation starts it in the engine; returns null if there is nothing to do
     * @param rest what to do after the tensor was changed; null if the operation does not change it
     */
    private Work start(
            String name,
            @Nullable String call,
            boolean later,
            @Nullable Transfer transfer,
            Supplier<@Nullable Pending> operation,
            @Nullable Runnable rest) {
        checkOpen();
        Supplier<@Nullable Pending> start = () -> {
            if (checks != null && call != null) {
                checks.compare(call);
            }
            return transfer != null && transfer.isEmpty() ? null : operation.get();
        };
        return new GroupWork(
                translated(name, () -> {
                    if (checks != null && call == null) {
                        return calls.startAfterLast(start);
                    }
                    return later && checks != null ? calls.startLater(start) : calls.startNow(start);
                }),
                () -> {
                    if (rest != null && transfer != null) {
                        transfer.received();
                        rest.run();
                    }
                },
                e -> failure(name, e));
    }

    /** Starts a transfer between two processes. */
    private Work move(String name, Transfer transfer, Function<Tensor, Pending> operation, boolean receives) {
        if (transfer.isEmpty()) {
            return new GroupWork(CompletableFuture.completedFuture(null), () -> {}, e -> failure(name, e));
        }
        Pending pending = translated(name, () -> operation.apply(transfer.sent()));
        unfinished.add(pending);
        return new GroupWork(
                CompletableFuture.completedFuture(pending),
                () -> {
                    unfinished.remove(pending);
                    if (receives) {
                        transfer.received();
                    }
                },
                e -> failure(name, e));
    }

    private Work announcement(String name, CallChecks.Announcement said) {
        unfinished.add(said.pending());
        return new GroupWork(
                CompletableFuture.completedFuture(said.pending()),
                () -> unfinished.remove(said.pending()),
                e -> failure(name, e));
    }

    private <T extends @Nullable Object> T translated(String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (DistributedException e) {
            throw e;
        } catch (TorchException e) {
            throw failure(name, e);
        }
    }

    private static void checkTag(int tag) {
        if (tag < 0) {
            throw new IllegalArgumentException("a tag must not be negative: " + tag);
        }
    }

    /** Returns whether this group was closed. */
    boolean isClosed() {
        return closed;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the group was closed");
        }
    }

    private void checkRank(int given, String what) {
        if (given < 0 || given >= size()) {
            throw new IllegalArgumentException(
                    "the " + what + " must be a rank from 0 to " + (size() - 1) + ", not " + given);
        }
    }

    private void checkOther(int given, String what) {
        checkRank(given, what);
        if (given == rank) {
            throw new IllegalArgumentException("the " + what + " must be another process than this one, rank " + rank);
        }
    }

    /** Returns the exception for an error of the engine, after finding out which processes are gone. */
    private DistributedException failure(String operation, TorchException e) {
        return closed
                ? new DistributedException(
                        operation + " failed in rank " + members.get(rank)
                                + ": the group was closed while the operation ran. (" + e.getMessage() + ")",
                        List.of(),
                        e)
                : connection.failure(operation, members, rank, e);
    }

    /** Ends the connections with the other processes. Operations that they still wait for fail. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.close();
            engine.close();
            if (checks != null) {
                checks.close();
            }
            closing.run();
        }
    }
}
