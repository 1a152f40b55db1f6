package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.SyncBatchNorm;
import org.jtorch.nn.utils.ClipGrad;
import org.jtorch.optim.SGD;
import org.junit.jupiter.api.Test;

/**
 * Data parallelism, batch normalization over all processes, a divided optimizer and clipped gradients together: 20 steps of two processes
 * with half a batch each are those of one process with the whole batch.
 */
class WholeBatchTest {

    /** A model whose field is of type BatchNorm2d, as in most programs. */
    private static final class Net extends Module<Tensor, Tensor> {
        Conv2d conv = new Conv2d(1, 8, 3);
        BatchNorm2d bn = new BatchNorm2d(8);
        Linear out = new Linear(8, 3);

        @Override
        protected Tensor forward(Tensor x) {
            return out.call(F.relu(bn.call(conv.call(x))).mean(new long[] {2, 3}));
        }
    }

    /** What each process does. */
    static final class Program {
        public static void main(String[] arguments) {
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                Torch.manualSeed(0);
                Net whole = new Net();
                Net part = new Net();
                part.loadStateDict(whole.stateDict());
                SyncBatchNorm.convertSyncBatchnorm(part);
                var model = new DistributedDataParallel<>(part);
                var plain = new SGD(whole.parameters(), o -> o.lr(0.1).momentum(0.9));
                var divided = new ZeroRedundancyOptimizer(
                        new SGD(model.parameters(), o -> o.lr(0.1).momentum(0.9)));
                double worst = 0;
                for (int step = 0; step < 20; step++) {
                    Tensor x =
                            Torch.randn(8, 1, 6, 6).add(Torch.arange(8).view(8, 1, 1, 1)); // the same in all processes
                    Tensor y = Torch.arange(8).remainder(3);
                    plain.zeroGrad();
                    F.crossEntropy(whole.call(x), y).backward();
                    ClipGrad.clipGradNorm_(whole.parameters(), 0.5);
                    plain.step();
                    divided.zeroGrad();
                    long from = 4L * group.rank();
                    F.crossEntropy(model.call(x.narrow(0, from, 4)), y.narrow(0, from, 4))
                            .backward();
                    ClipGrad.clipGradNorm_(model.parameters(), 0.5);
                    divided.step();
                }
                for (var each : whole.stateDict().entrySet()) {
                    Tensor other = part.stateDict().get(each.getKey());
                    double scale = Math.max(1, each.getValue().abs().max().item());
                    worst = Math.max(
                            worst, each.getValue().sub(other).abs().max().item() / scale);
                }
                System.out.println("worst " + worst);
                group.barrier();
            }
        }
    }

    @Test
    void halvesOfABatch() {
        List<Ranks.Result> results = Ranks.run(2, Program.class);
        for (Ranks.Result result : results) {
            assertEquals(0, result.status(), result::toString);
            assertTrue(Double.parseDouble(result.value("worst")) < 1e-5, result::toString);
        }
    }
}
