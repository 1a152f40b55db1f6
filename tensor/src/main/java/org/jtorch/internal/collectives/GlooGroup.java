package org.jtorch.internal.collectives;

import java.time.Duration;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.AllreduceOptions;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.ReduceOp;
import org.bytedeco.pytorch.ReduceOptions;
import org.bytedeco.pytorch.ReduceScatterOptions;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.gloo.Device;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.Handles;
import org.jtorch.internal.engine.EngineErrors;
import org.jtorch.internal.engine.EngineMessages;

/**
 * The engine's operations between processes over Gloo. All processes must call the same operations in the same order. Tensors must be
 * contiguous, dense and on the CPU, and of equal size in all processes: the caller checks that.
 */
public final class GlooGroup implements AutoCloseable {

    /** How values are combined. */
    public enum Reduction {
        SUM(ReduceOp.RedOpType.SUM),
        PRODUCT(ReduceOp.RedOpType.PRODUCT),
        MIN(ReduceOp.RedOpType.MIN),
        MAX(ReduceOp.RedOpType.MAX),
        BAND(ReduceOp.RedOpType.BAND),
        BOR(ReduceOp.RedOpType.BOR),
        BXOR(ReduceOp.RedOpType.BXOR);

        private final ReduceOp.RedOpType type;

        Reduction(ReduceOp.RedOpType type) {
            this.type = type;
        }

        private ReduceOp op() {
            return new ReduceOp(type);
        }
    }

    /** How long {@link #close} waits at most. */
    private static final long CLOSE_MILLIS = 1000;

    private final ProcessGroupGloo group;

    /** Shared by calls of the engine, which return soon; exclusive for {@link #close}. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private boolean closed;

    private GlooGroup(ProcessGroupGloo group) {
        this.group = group;
    }

    /**
     * Connects the processes of a group with each other, and returns after all of them have called this method.
     *
     * @param store what they share, with a prefix that no other group has
     * @param rank the number of this process
     * @param size the number of processes
     * @param timeout how long to wait for the other processes, now and in each operation
     * @param networkInterface the name of the network interface; null for that of the host's name
     */
    public static GlooGroup connect(
            TcpStore store, int rank, int size, Duration timeout, @Nullable String networkInterface) {
        try (Milliseconds wait = new Milliseconds(timeout.toMillis());
                Device device = networkInterface == null
                        ? ProcessGroupGloo.createDefaultDevice()
                        : ProcessGroupGloo.createDeviceForInterface(networkInterface);
                GlooDeviceVector devices = new GlooDeviceVector(device);
                ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(wait);
                Store shared = store.connectAgain()) {
            options.devices(devices);
            return new GlooGroup(EngineMessages.withoutOutput(() -> new ProcessGroupGloo(shared, rank, size, options)));
        } catch (RuntimeException e) {
            throw EngineErrors.translate("ProcessGroupGloo", e);
        }
    }

    /** Sends the values of the process {@code root} to all. */
    public Pending broadcast(Tensor tensor, int root) {
        return start("broadcast", tensor, tensors -> {
            try (BroadcastOptions options = new BroadcastOptions()) {
                options.rootRank(root);
                return group.broadcast(tensors, options);
            }
        });
    }

    /** Combines the values of all processes, in all of them. */
    public Pending allReduce(Tensor tensor, Reduction reduction) {
        return start("allreduce", tensor, tensors -> {
            try (AllreduceOptions options = new AllreduceOptions();
                    ReduceOp op = reduction.op()) {
                options.reduceOp(op);
                return group.allreduce(tensors, options);
            }
        });
    }

    /** Combines the values of all processes in the process {@code root}. What the others then have is undefined. */
    public Pending reduce(Tensor tensor, int root, Reduction reduction) {
        return start("reduce", tensor, tensors -> {
            try (ReduceOptions options = new ReduceOptions();
                    ReduceOp op = reduction.op()) {
                options.rootRank(root);
                options.reduceOp(op);
                return group.reduce(tensors, options);
            }
        });
    }

    /** Writes the values of all processes into {@code output}, one after the other, by rank. */
    public Pending allGather(Tensor output, Tensor input) {
        return start("allgather", () -> group._allgather_base(Handles.of(output), Handles.of(input)));
    }

    /** Combines the values of all processes, and writes the part of this process into {@code output}. */
    public Pending reduceScatter(Tensor output, Tensor input, Reduction reduction) {
        return start("reduce_scatter", () -> {
            try (ReduceScatterOptions options = new ReduceScatterOptions();
                    ReduceOp op = reduction.op()) {
                options.reduceOp(op);
                return group._reduce_scatter_base(Handles.of(output), Handles.of(input), options);
            }
        });
    }

    /** Sends values to one process, which must receive them with the same tag. */
    public Pending send(Tensor tensor, int to, int tag) {
        return start("send", tensor, tensors -> group.send(tensors, to, tag));
    }

    /** Receives values from one process. */
    public Pending recv(Tensor tensor, int from, int tag) {
        return start("recv", tensor, tensors -> group.recv(tensors, from, tag));
    }

    /** Waits until all processes have called this method. */
    public Pending barrier() {
        return start("barrier", group::barrier);
    }

    private Pending start(String name, Tensor tensor, Function<TensorVector, Work> operation) {
        return start(name, () -> {
            try (TensorVector tensors = new TensorVector(Handles.of(tensor))) {
                return operation.apply(tensors);
            }
        });
    }

    private Pending start(String name, Supplier<Work> operation) {
        open.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the group was closed");
            }
            return new Pending(operation.get());
        } catch (RuntimeException e) {
            throw EngineErrors.translate(name, e);
        } finally {
            open.readLock().unlock();
        }
    }

    /**
     * Ends the connections. Operations that have not ended fail in the other processes. Those that have started here keep the
     * connections until they have ended, which this method does not await.
     */
    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            open.writeLock().unlock();
        }
        Thread thread = new Thread(group::close, "jtorch-group-close");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
