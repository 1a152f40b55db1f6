package org.jtorch.distributed;

import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/**
 * A block in which processes may have different numbers of batches (PyTorch's {@code DistributedDataParallel.join}). Before each forward
 * pass, the processes tell each other who still has a batch. When a process closes the block, it takes part in the passes of the others,
 * without batches, until no process has one.
 *
 * <p>If an error ends the block, this process would take part in the passes of the others first. Close the group of processes in the block
 * if they should end too. After an error in a backward pass, closing the block does nothing.
 */
public final class Join implements AutoCloseable {

    private final ProcessGroup group;
    private final boolean divideByAll;
    private final Runnable shadowGradients;
    private final IntConsumer copyBuffers;
    private final IntConsumer copyModel;
    private final BooleanSupplier unfinished;
    private final Runnable end;
    private boolean closed;

    Join(
            ProcessGroup group,
            boolean divideByAll,
            Runnable shadowGradients,
            IntConsumer copyBuffers,
            IntConsumer copyModel,
            BooleanSupplier unfinished,
            Runnable end) {
        this.group = group;
        this.divideByAll = divideByAll;
        this.shadowGradients = shadowGradients;
        this.copyBuffers = copyBuffers;
        this.copyModel = copyModel;
        this.unfinished = unfinished;
        this.end = end;
    }

    /**
     * What the processes do in one pass, which is the same for all that have a batch.
     *
     * @param active the number of processes with a batch
     * @param gradients whether gradients will be averaged
     * @param buffers whether buffers are copied first
     * @param source the greatest rank with a batch, or -1
     */
    private record Pass(int active, boolean gradients, boolean buffers, int source) {}

    private Pass exchange(boolean active, boolean gradients, boolean buffers) {
        Tensor count = Torch.tensor(new int[] {active ? 1 : 0});
        group.allReduce(count);
        Tensor what = Torch.tensor(new int[] {gradients ? 1 : 0, buffers ? 1 : 0, active ? group.rank() : -1});
        group.allReduce(what, ReduceOp.MAX);
        int[] values = what.toIntArray();
        return new Pass(count.toIntArray()[0], values[0] > 0, values[1] > 0, values[2]);
    }

    /** Tells the others that this process has a batch, and returns the number by which gradients are divided. */
    double announce(boolean gradients, boolean buffers) {
        Pass pass = exchange(true, gradients, buffers);
        if (pass.buffers()) {
            copyBuffers.accept(pass.source());
        }
        return divideByAll ? group.size() : pass.active();
    }

    /** Waits until no process has a batch, and makes the models equal. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (unfinished.getAsBoolean() || group.isClosed()) {
            end.run();
            return;
        }
        try {
            boolean last = true;
            for (Pass pass = exchange(false, false, false); pass.active() > 0; pass = exchange(false, false, false)) {
                last = false;
                if (pass.buffers()) {
                    copyBuffers.accept(pass.source());
                }
                if (pass.gradients()) {
                    shadowGradients.run();
                }
            }
            Tensor source = Torch.tensor(new int[] {last ? group.rank() : -1});
            group.allReduce(source, ReduceOp.MAX);
            copyModel.accept(source.toIntArray()[0]);
        } finally {
            end.run();
        }
    }
}
