package org.jtorch.spark;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jtorch.distributed.Distributed;
import org.jtorch.distributed.DistributedException;
import org.jtorch.distributed.ProcessGroup;
import org.jtorch.nn.state.StateDict;

/** A rank: a task of a barrier stage. It connects itself with the others, and calls the trainer. Rank 0 returns the state's bytes. */
final class RankTask<T> implements FlatMapFunction<Iterator<T>, byte[]> {

    private static final long serialVersionUID = 1L;

    private final int ranks;
    private final Trainer<T> trainer;
    private final Duration timeout;

    RankTask(int ranks, Trainer<T> trainer, Duration timeout) {
        this.ranks = ranks;
        this.trainer = trainer;
        this.timeout = timeout;
    }

    @Override
    public Iterator<byte[]> call(Iterator<T> rows) {
        BarrierTaskContext context = BarrierTaskContext.get();
        int rank = context.partitionId();
        try (ProcessGroup group = connect(context, rank)) {
            StateDict state = trainer.train(group, rows);
            byte[] bytes = rank == 0
                    ? StateBytes.write(
                            Objects.requireNonNull(state, "the trainer returned null in place of a state dict"))
                    : new byte[0];
            // rank 0 must not end its connections while another rank still uses them
            group.barrier();
            return rank == 0 ? List.of(bytes).iterator() : Collections.emptyIterator();
        } catch (Exception e) {
            throw new DistributedException("rank " + rank + " of " + ranks + " failed: " + e, List.of(), e);
        }
    }

    private ProcessGroup connect(BarrierTaskContext context, int rank) {
        String[] ports = context.allGather(rank == 0 ? Integer.toString(Distributed.freePort()) : "");
        String master = host(context.getTaskInfos()[0].address());
        return Distributed.connect(o -> o.rank(rank)
                .worldSize(ranks)
                .masterAddr(master)
                .masterPort(Integer.parseInt(ports[0]))
                .timeout(timeout));
    }

    /** Returns the host of an executor's address, which ends with a port; without the brackets around an address of IPv6. */
    static String host(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 || address.endsWith("]") ? address : address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
