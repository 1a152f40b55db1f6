package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.data.DataLoader;
import org.jtorch.data.DistributedSampler;
import org.jtorch.data.TensorDataset;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.utils.ClipGrad;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.amp.GradScaler;
import org.jtorch.optim.lrscheduler.StepLR;
import org.jtorch.optim.swa.AveragedModel;
import org.jtorch.optim.swa.SwaUtils;
import org.junit.jupiter.api.Test;

/** A whole recipe works unchanged in several processes, which have equal weights after each step. */
class TrainingStepTest {

    /** A loader with a distributed sampler, autocast, scaling, clipping, a schedule, and an average of the weights. */
    static final class Program {
        public static void main(String[] arguments) {
            Torch.setNumThreads(1);
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                Torch.manualSeed(3);
                TensorDataset dataset = new TensorDataset(Torch.randn(48, 8), Torch.randn(48, 8));
                var model = new DistributedDataParallel<>(DistributedDataParallelTest.net());
                AdamW optimizer = new AdamW(model.parameters(), o -> o.lr(1e-2));
                StepLR schedule = new StepLR(optimizer, 2);
                GradScaler scaler = new GradScaler(Device.CPU);
                var average = new AveragedModel<>(model.module(), o -> o.multiAvgFn(SwaUtils.getEmaMultiAvgFn(0.9)));
                DistributedSampler sampler = new DistributedSampler(dataset, group.size(), group.rank());
                var loader = new DataLoader<>(dataset, o -> o.batchSize(8).sampler(sampler));
                for (int epoch = 0; epoch < 4; epoch++) {
                    sampler.setEpoch(epoch);
                    for (List<Tensor> batch : loader) {
                        try (TensorScope scope = new TensorScope()) {
                            optimizer.zeroGrad();
                            Tensor loss;
                            try (Autocast cast = Autocast.cpu()) {
                                loss = F.mseLoss(model.call(batch.get(0)), batch.get(1));
                            }
                            scaler.scale(loss).backward();
                            scaler.unscale_(optimizer);
                            ClipGrad.clipGradNorm_(model.parameters(), 0.5);
                            scaler.step(optimizer);
                            scaler.update();
                            average.updateParameters(model.module());
                        }
                    }
                    schedule.step();
                }
                System.out.println("batches " + loader.size());
                System.out.println("rate " + schedule.getLastLr());
                System.out.println("weights " + sum(model.module()));
                System.out.println("average " + sum(average));
            }
        }

        private static double sum(Module<?, ?> model) {
            return model.parameters().stream()
                    .mapToDouble(
                            each -> each.detach().to(DType.FLOAT64).abs().sum().item())
                    .sum();
        }
    }

    @Test
    void allProcessesHaveEqualWeights() {
        List<Ranks.Result> results = Ranks.run(2, Program.class);
        Ranks.Result first = results.get(0);
        for (Ranks.Result result : results) {
            assertEquals(0, result.status(), result::toString);
            assertEquals("3", result.value("batches"));
            for (String key : List.of("rate", "weights", "average")) {
                assertEquals(first.value(key), result.value(key));
            }
        }
    }
}
