package org.jtorch.distributed;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/**
 * Takes part in a group with processes of PyTorch, which run {@code parity/record/with_python.py}. Start it by hand, as rank 0, with RANK,
 * WORLD_SIZE, MASTER_ADDR and MASTER_PORT in the environment. It prints the results of each operation, and fails if one is wrong.
 */
final class WithPython {

    private WithPython() {}

    public static void main(String[] arguments) {
        try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
            int size = group.size();
            Tensor values = Torch.full(new long[] {2, 3}, group.rank() + 1.0);
            group.allReduce(values);
            check(group, "all_reduce", values, Torch.full(new long[] {2, 3}, size * (size + 1) / 2));

            Tensor greatest = Torch.tensor(new long[] {group.rank(), -group.rank()});
            group.allReduce(greatest, ReduceOp.MAX);
            check(group, "all_reduce max", greatest, Torch.tensor(new long[] {size - 1, 0}));

            for (int source = 0; source < 2; source++) {
                Tensor sent = Torch.arange(4).to(DType.FLOAT64).add(10 * group.rank());
                group.broadcast(sent, source);
                check(group, "broadcast from " + source, sent, Torch.arange(4).add(10 * source));
            }

            Tensor gathered = Torch.cat(group.allGather(Torch.full(new long[] {2}, (double) group.rank())));
            check(group, "all_gather_into_tensor", gathered, Torch.arange(size).repeatInterleave(2));

            group.barrier();

            if (group.rank() == 0) {
                Tensor received = Torch.empty(2);
                group.recv(received, 1);
                check(group, "recv", received, Torch.tensor(new double[] {1.5, 2.5}));
                group.sendAsync(Torch.tensor(new float[] {3.5f, 4.5f}), 1, 7).await();
            }

            group.newGroup(List.of(0, 1)).ifPresent(pair -> {
                Tensor ofPair = Torch.full(new long[] {1}, pair.rank() + 1.0);
                pair.allReduce(ofPair);
                check(group, "all_reduce of new_group", ofPair, Torch.full(new long[] {1}, 3));
                pair.close();
            });

            List<Tensor> weights = group.allGather(train(group));
            for (Tensor other : weights) {
                check(group, "trained", other, weights.get(group.rank()));
            }
            group.barrier();
            System.out.println("java rank " + group.rank() + ": all right");
        }
    }

    /** Two steps of data parallel gradient descent, by hand; Python does the same. */
    private static Tensor train(ProcessGroup group) {
        Tensor weight = Torch.zeros(3);
        for (int step = 0; step < 2; step++) {
            Tensor variable = weight.detach().requiresGrad_(true);
            Tensor x = Torch.tensor(new float[] {1, 2, 3}).view(1, 3).add(group.rank() + step);
            x.matmul(variable).sub(1).pow(2).mean().backward();
            Tensor gradient = variable.grad().detach();
            group.allReduce(gradient, ReduceOp.AVG);
            weight = weight.sub(gradient.mul(0.01));
        }
        return weight;
    }

    private static void check(ProcessGroup group, String name, Tensor tensor, Tensor expected) {
        System.out.println("java rank " + group.rank() + ": " + name + " "
                + Arrays.toString(tensor.to(DType.FLOAT64).contiguous().view(-1).toDoubleArray()));
        if (!tensor.to(DType.FLOAT64).allclose(expected.to(DType.FLOAT64), 1e-6, 1e-6)) {
            throw new AssertionError(name + ": " + tensor + ", expected " + expected);
        }
    }
}
