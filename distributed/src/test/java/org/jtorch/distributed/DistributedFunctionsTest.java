package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.junit.jupiter.api.Test;

/** Values and gradients, of three processes. */
class DistributedFunctionsTest {

    /** What each process does. */
    static final class Program {
        public static void main(String[] arguments) {
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                double own = group.rank() + 1;

                Tensor x = leaf(own);
                Tensor sum = DistributedFunctions.allReduce(group, x);
                print("sum", sum);
                sum.square().mul(own).sum().backward();
                print("sum.grad", grad(x));

                Tensor y = leaf(own);
                DistributedFunctions.allReduce(group, y, ReduceOp.AVG)
                        .mul(own)
                        .sum()
                        .backward();
                print("mean.grad", grad(y));

                Tensor z = leaf(own);
                List<Tensor> all = DistributedFunctions.allGather(group, z);
                print("gathered", Torch.cat(all));
                all.get(1).square().mul(own).sum().backward(); // only the values of rank 1
                print("gathered.grad", grad(z));

                Tensor s = Torch.arange(6).mul(own).requiresGrad_();
                Tensor part = DistributedFunctions.reduceScatter(group, s, ReduceOp.SUM);
                print("scattered", part);
                part.mul(own).sum().backward();
                print("scattered.grad", grad(s));

                Tensor t = leaf(own);
                Tensor cubes = DistributedFunctions.allReduce(group, t.pow(3)).pow(2);
                Tensor first = Autograd.grad(cubes.sum(), t, true);
                print("twice", Autograd.grad(first.sum(), t));

                try {
                    DistributedFunctions.allReduce(group, x, ReduceOp.MAX);
                } catch (IllegalArgumentException e) {
                    System.out.println("max " + e.getMessage());
                }
                print("max.detached", DistributedFunctions.allReduce(group, x.detach(), ReduceOp.MAX));
                print("unchanged", x.detach());
                group.barrier();
            }
        }

        private static Tensor leaf(double value) {
            return Torch.full(new long[] {2}, value).requiresGrad_();
        }

        private static Tensor grad(Tensor tensor) {
            Tensor grad = tensor.grad();
            if (grad == null) {
                throw new AssertionError("no gradient");
            }
            return grad;
        }

        private static void print(String name, Tensor values) {
            System.out.println(name + " " + Arrays.toString(values.detach().toFloatArray()));
        }
    }

    @Test
    void valuesAndGradients() {
        List<Ranks.Result> results = Ranks.run(3, Program.class);
        for (int rank = 0; rank < 3; rank++) {
            Ranks.Result result = results.get(rank);
            assertEquals(0, result.status(), result::toString);
            assertEquals("[6.0, 6.0]", result.value("sum"));
            assertEquals("[72.0, 72.0]", result.value("sum.grad")); // 2 * 6 * (1 + 2 + 3)
            assertEquals("[2.0, 2.0]", result.value("mean.grad"));
            assertEquals("[1.0, 1.0, 2.0, 2.0, 3.0, 3.0]", result.value("gathered"));
            assertEquals(rank == 1 ? "[24.0, 24.0]" : "[0.0, 0.0]", result.value("gathered.grad")); // 2 * 2 * 6
            assertEquals(Arrays.toString(new float[] {12 * rank, 12 * rank + 6}), result.value("scattered"));
            assertEquals("[1.0, 1.0, 2.0, 2.0, 3.0, 3.0]", result.value("scattered.grad"));
            assertEquals(twice(rank), result.value("twice"));
            assertEquals(
                    "a combination by MAX has no gradient here: use SUM or AVG, or pass tensor.detach()",
                    result.value("max"));
            assertEquals("[3.0, 3.0]", result.value("max.detached"));
            assertEquals(Arrays.toString(new float[] {rank + 1, rank + 1}), result.value("unchanged"));
        }
    }

    /**
     * The loss of each of 3 processes is S^2 with S = sum t_i^3. The first gradient of process r is 3 * 2 S * 3 t_r^2. The sum of these
     * over r, 18 S Q with Q = sum t_i^2, has by t_r the gradient 18 (3 t_r^2 Q + S 2 t_r).
     */
    private static String twice(int rank) {
        float t = rank + 1;
        float value = 18 * (3 * t * t * 14 + 36 * 2 * t);
        return Arrays.toString(new float[] {value, value});
    }
}
