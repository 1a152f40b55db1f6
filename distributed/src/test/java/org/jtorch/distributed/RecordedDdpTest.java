package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.utils.ClipGrad;
import org.jtorch.optim.SGD;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps with PyTorch's DistributedDataParallel, which {@code parity/record/ddp.py} recorded, give the same losses and weights. */
class RecordedDdpTest {

    private static final int STEPS = 10;
    private static final List<String> CASES =
            List.of("plain", "unused", "view", "static", "accumulate", "uneven", "buckets", "clip");

    /** The model of the recordings, with a layer that not every step uses. */
    static final class Net extends Module<Net.Input, Tensor> {
        record Input(Tensor x, boolean extra) {}

        Linear fc1 = new Linear(8, 16);
        BatchNorm1d bn = new BatchNorm1d(16);
        Linear fc2 = new Linear(16, 16);
        Linear extra = new Linear(16, 16);
        Linear out = new Linear(16, 4);

        @Override
        protected Tensor forward(Input input) {
            Tensor h = fc2.call(F.relu(bn.call(fc1.call(input.x()))));
            return out.call(input.extra() ? h.add(extra.call(h)) : h);
        }
    }

    /** One process. It prints, for each case, how far its losses and weights are from the recorded ones. */
    static final class Program {
        private final Map<String, Tensor> recorded;
        private final ProcessGroup group;

        private Program(Map<String, Tensor> recorded, ProcessGroup group) {
            this.recorded = recorded;
            this.group = group;
        }

        public static void main(String[] arguments) {
            Torch.setNumThreads(1);
            Map<String, Tensor> recorded =
                    new TreeMap<>(Checkpoint.load(Path.of(arguments[0])).tensors());
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                Program program = new Program(recorded, group);
                for (String each : CASES) {
                    System.out.println(each + " " + program.difference(each));
                }
            }
        }

        private double difference(String name) {
            Net net = new Net();
            net.loadStateDict(part("init."));
            var model = new DistributedDataParallel<>(net, o -> {
                switch (name) {
                    case "unused" -> o.findUnusedParameters(true);
                    case "view" -> o.gradientAsBucketView(true);
                    case "static" -> o.staticGraph(true);
                    case "buckets" -> o.bucketCapMb(0.0005);
                    default -> {}
                }
            });
            SGD optimizer = new SGD(model.parameters(), o -> o.lr(0.1).momentum(0.9));
            List<Tensor> losses = new ArrayList<>();
            if (name.equals("uneven")) {
                try (Join join = model.join()) {
                    for (int i = 0; i < STEPS - 2 * group.rank(); i++) {
                        optimizer.zeroGrad();
                        loss(model, name, i, losses).backward();
                        optimizer.step();
                    }
                }
            } else if (name.equals("accumulate")) {
                for (int i = 0; i < STEPS; i += 2) {
                    optimizer.zeroGrad();
                    try (DistributedDataParallel.NoSync local = model.noSync()) {
                        loss(model, name, i, losses).backward();
                    }
                    loss(model, name, i + 1, losses).backward();
                    optimizer.step();
                }
            } else {
                for (int i = 0; i < STEPS; i++) {
                    optimizer.zeroGrad();
                    loss(model, name, i, losses).backward();
                    if (name.equals("clip")) {
                        ClipGrad.clipGradNorm_(model.parameters(), 0.1);
                    }
                    optimizer.step();
                }
            }
            double greatest =
                    difference(Torch.stack(losses), at("loss." + name + "." + group.size() + "." + group.rank()));
            if (group.rank() == 0) {
                for (Map.Entry<String, Tensor> each : model.stateDict().entrySet()) {
                    greatest = Math.max(
                            greatest,
                            difference(
                                    each.getValue(), at("final." + name + "." + group.size() + "." + each.getKey())));
                }
            }
            return greatest;
        }

        private Tensor loss(Module<Net.Input, Tensor> model, String name, int step, List<Tensor> losses) {
            boolean extra = name.equals("unused") ? step % 2 == 1 && group.rank() == 0 : !name.equals("static");
            Tensor x = at("x").select(0, step).select(0, group.rank());
            Tensor y = at("y").select(0, step).select(0, group.rank());
            Tensor loss = F.crossEntropy(model.call(new Net.Input(x, extra)), y);
            losses.add(loss.detach());
            return loss;
        }

        private static double difference(Tensor a, Tensor b) {
            return a.detach()
                    .to(DType.FLOAT64)
                    .sub(b.to(DType.FLOAT64))
                    .abs()
                    .max()
                    .item();
        }

        private Tensor at(String key) {
            return Objects.requireNonNull(recorded.get(key), key);
        }

        private Map<String, Tensor> part(String prefix) {
            Map<String, Tensor> part = new TreeMap<>();
            recorded.forEach((key, value) -> {
                if (key.startsWith(prefix)) {
                    part.put(key.substring(prefix.length()), value);
                }
            });
            return part;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void everyCase(int count) throws URISyntaxException {
        Path file = Path.of(Objects.requireNonNull(getClass().getResource("/ddp.safetensors"))
                .toURI());
        List<Ranks.Result> results = Ranks.run(count, Program.class, file.toString());
        for (Ranks.Result result : results) {
            assertEquals(0, result.status(), result::toString);
            for (String name : CASES) {
                double difference = Double.parseDouble(result.value(name));
                // processors sum in different orders, and training makes the difference larger: 2.5e-6 between AVX2 and
                // AVX-512
                assertTrue(difference < 1e-5, () -> name + " differs by " + difference);
            }
        }
    }
}
