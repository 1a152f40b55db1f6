package org.jtorch.distributed;

import java.util.List;
import org.jtorch.Tensor;

/**
 * Operations between processes that autograd records (PyTorch's {@code torch.distributed.nn.functional}). They do not change their
 * arguments. They serve a loss that depends on values of several processes, such as a contrastive loss over the batches of all.
 *
 * <pre>{@code
 * Tensor all = Torch.cat(DistributedFunctions.allGather(group, embeddings));     // (ranks * N, D)
 * loss(embeddings, all).backward();                                             // reaches the embeddings of all processes
 * }</pre>
 *
 * <p>The gradient of a process is that of the sum of the losses of all processes. The backward pass exchanges tensors too. Therefore
 * all processes must call it, on graphs with the same of these operations; one that does not makes the others wait until the timeout. The
 * gradients can be differentiated again.
 */
public final class DistributedFunctions {

    private DistributedFunctions() {}

    /** Returns the sum over all processes: {@link #allReduce(ProcessGroup, Tensor, ReduceOp)}. */
    public static Tensor allReduce(ProcessGroup group, Tensor tensor) {
        return allReduce(group, tensor, ReduceOp.SUM);
    }

    /**
     * Returns the values of all processes, combined. The gradient is combined in the same way.
     *
     * @param tensor the values of this process; of the same shape and dtype in all processes
     * @param op {@link ReduceOp#SUM} or {@link ReduceOp#AVG}; any other if no gradient is needed
     * @throws IllegalArgumentException if the tensor requires grad and {@code op} has no gradient
     */
    public static Tensor allReduce(ProcessGroup group, Tensor tensor, ReduceOp op) {
        return new AllReduce(group, checked(op, tensor)).apply(tensor);
    }

    /**
     * Returns the values of all processes, by rank. The gradient of a process is the sum of those that all processes have for its
     * values.
     *
     * @param tensor the values of this process; of the same shape and dtype in all processes
     */
    public static List<Tensor> allGather(ProcessGroup group, Tensor tensor) {
        return new AllGather(group).applyAll(tensor);
    }

    /**
     * Combines the values of all processes, and returns the part of this process. The gradient is gathered from all processes.
     *
     * @param tensor of shape {@code (size * N, ...)}, equal in all processes
     * @param op {@link ReduceOp#SUM} or {@link ReduceOp#AVG}; any other if no gradient is needed
     * @return of shape {@code (N, ...)}
     * @throws IllegalArgumentException if the first dimension is not a multiple of the number of processes, or if the tensor requires
     *     grad and {@code op} has no gradient
     */
    public static Tensor reduceScatter(ProcessGroup group, Tensor tensor, ReduceOp op) {
        return new ReduceScatter(group, checked(op, tensor)).apply(tensor);
    }

    private static ReduceOp checked(ReduceOp op, Tensor tensor) {
        if (tensor.requiresGrad() && op != ReduceOp.SUM && op != ReduceOp.AVG) {
            throw new IllegalArgumentException(
                    "a combination by " + op + " has no gradient here: use SUM or AVG, or pass tensor.detach()");
        }
        return op;
    }
}
