package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.Extent;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.SGD;
import org.jtorch.optim.swa.AveragedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data parallel training equals that of one process, and mistakes are told. */
class DistributedDataParallelTest {

    /** 50 steps, beside those of one process with the whole batch. */
    static final class Whole {
        public static void main(String[] arguments) {
            Torch.setNumThreads(1);
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                Torch.manualSeed(1);
                int part = 4;
                Sequential whole = net();
                Sequential own = net();
                if (group.rank() == 0) {
                    own.loadStateDict(whole.stateDict()); // the others start with other weights, which rank 0 replaces
                }
                var model = new DistributedDataParallel<>(own, o -> o.bucketCapMb(0.001));
                SGD optimizer = new SGD(model.parameters(), o -> o.lr(0.05).momentum(0.9));
                SGD alone = new SGD(whole.parameters(), o -> o.lr(0.05).momentum(0.9));
                for (int step = 0; step < 50; step++) {
                    try (TensorScope scope = new TensorScope()) {
                        Tensor x = Torch.randn((long) part * group.size(), 8);
                        Tensor y = x.pow(2);
                        optimizer.zeroGrad();
                        F.mseLoss(model.call(slice(x, group, part)), slice(y, group, part))
                                .backward();
                        optimizer.step();
                        alone.zeroGrad();
                        F.mseLoss(whole.call(x), y).backward();
                        alone.step();
                    }
                }
                group.broadcast(whole.parameters().get(0), 0);
                double greatest = 0;
                Map<String, Tensor> expected = whole.stateDict();
                for (Map.Entry<String, Tensor> each : model.module().stateDict().entrySet()) {
                    Tensor difference = each.getValue().sub(expected.get(each.getKey()));
                    greatest = Math.max(
                            greatest, difference.abs().max().to(DType.FLOAT64).item());
                }
                System.out.println("keys " + model.stateDict().keySet());
                System.out.println("difference " + greatest);
            }
        }

        private static Tensor slice(Tensor all, ProcessGroup group, int part) {
            return all.narrow(0, (long) group.rank() * part, part);
        }
    }

    static Sequential net() {
        return new Sequential(new Linear(8, 32), new ReLU(), new Linear(32, 8));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void stepsEqualThoseOfOneProcess(int count) {
        for (Ranks.Result result : Ranks.run(count, Whole.class)) {
            assertEquals(0, result.status(), result::toString);
            double difference = Double.parseDouble(result.value("difference"));
            assertTrue(difference < 1e-5, () -> "differs by " + difference);
            assertEquals("[module.0.weight, module.0.bias, module.2.weight, module.2.bias]", result.value("keys"));
        }
    }

    /** What can be wrong, one after the other in one group. */
    static final class Mistakes {
        /** Two layers, of which a step may use one. */
        static final class Two extends Module<Tensor, Tensor> {
            Linear a = new Linear(4, 4);
            Linear b = new Linear(4, 4);
            boolean both;

            @Override
            protected Tensor forward(Tensor x) {
                return both ? b.call(a.call(x)) : a.call(x);
            }
        }

        public static void main(String[] arguments) {
            Torch.setNumThreads(1);
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                print("other", () -> new DistributedDataParallel<>(new Linear(4, group.rank() == 1 ? 3 : 4)));
                print("none", () -> new DistributedDataParallel<>(new ReLU()));
                Two two = new Two();
                var model = new DistributedDataParallel<>(two);
                Tensor x = Torch.ones(2, 4);
                model.call(x).sum().backward();
                print("unused", () -> model.call(x));
                model.call(x); // a forward pass without a backward pass
                two.both = true;
                model.call(x).sum().backward();
                System.out.println("grad " + (two.b.weight.grad() != null));
                Tensor y = model.call(x);
                y.sum().backward(null, true, false);
                y.sum().backward();
                var fixed = new DistributedDataParallel<>(new Two(), o -> o.staticGraph(true));
                fixed.call(x).sum().backward();
                ((Two) fixed.module()).both = true;
                print("changed", () -> fixed.call(x).sum().backward());
                AveragedModel<Tensor, Tensor> average = new AveragedModel<>(model.module());
                average.updateParameters(model.module());
                System.out.println("average " + average.nAveraged());
                System.out.println("sum " + sums(model));
                Two third = new Two();
                third.both = true;
                var apart = new DistributedDataParallel<>(third, o -> o.bucketCapMb(0.00001));
                print("apart", () -> {
                    if (group.rank() == 0) {
                        group.barrier();
                    } else {
                        apart.call(x).sum().backward(); // one batch more than rank 0
                    }
                });
                Tensor after = Torch.ones(1);
                group.allReduce(after);
                System.out.println("after " + after.toFloatArray()[0]);
                apart.call(x).sum().backward();
                System.out.println("bias " + Arrays.toString(third.b.bias.grad().toFloatArray()));
            }
        }

        private static float sums(Module<Tensor, Tensor> model) {
            return model.parameters().stream()
                    .map(p -> p.detach().sum().to(DType.FLOAT32).toFloatArray()[0])
                    .reduce(0f, Float::sum);
        }

        private static void print(String name, Runnable fails) {
            try {
                fails.run();
                System.out.println(name + " no error");
            } catch (IllegalArgumentException | TorchException e) {
                System.out.println(name + " " + e.getMessage().replace('\n', ' '));
            }
        }
    }

    @Test
    void mistakesAreTold() {
        List<Ranks.Result> results = Ranks.run(2, Mistakes.class);
        for (int rank = 0; rank < 2; rank++) {
            Ranks.Result result = results.get(rank);
            assertEquals(0, result.status(), result::toString);
            assertTrue(
                    result.value("other")
                            .endsWith(
                                    "rank 1 has weight of shape [3, 4] and torch.float32, rank 0 has weight of shape [4, 4]"
                                            + " and torch.float32"),
                    result::toString);
            assertTrue(result.value("none").contains("doesn't have any parameter"), result::toString);
            assertTrue(
                    result.value("unused").contains("findUnusedParameters(true)")
                            && result.value("unused").endsWith("for rank " + rank + ": b.weight, b.bias"),
                    result::toString);
            assertEquals("true", result.value("grad"));
            assertEquals("1", result.value("average"));
            assertTrue(result.value("apart").contains("called different operations"), result::toString);
            assertEquals("2.0", result.value("after"));
            assertEquals(
                    "[3.0, 3.0, 3.0, 3.0]", result.value("bias")); // rank 1 keeps the gradient of its further batch
            assertTrue(result.value("changed").contains("b."), result::toString);
        }
        assertEquals(results.get(0).value("sum"), results.get(1).value("sum"));
    }

    /** A model whose first layer is registered last, so that gradients arrive in another order than that of its fields. */
    static final class Crossed extends Module<Tensor, Tensor> {
        Linear second = new Linear(4, 4);
        Linear first = new Linear(4, 4);

        @Override
        protected Tensor forward(Tensor x) {
            return second.call(first.call(x));
        }
    }

    /** The order of the gradients before and after the first step, the gradients, and where one is during the pass. */
    static final class Order {
        public static void main(String[] arguments) {
            Torch.setNumThreads(1);
            boolean uneven = arguments.length > 0;
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                Crossed net = new Crossed();
                var model = new DistributedDataParallel<>(
                        net, o -> o.bucketCapMb(0.00001).gradientAsBucketView(true));
                System.out.println("before " + model.reducer().order());
                long[] during = new long[1];
                net.first.weight.registerPostAccumulateGradHook(
                        parameter -> during[0] = Extent.address(Objects.requireNonNull(net.second.weight.grad())));
                try (Join join = model.join()) {
                    for (int step = 0; step < (uneven && group.rank() == 0 ? 1 : 3); step++) {
                        model.zeroGrad();
                        Tensor x = Torch.ones(2, 4).mul(group.rank() + step);
                        model.call(x).sum().backward();
                        System.out.println("shared " + (during[0] == Extent.address(net.second.weight.grad())));
                    }
                }
                System.out.println("after " + model.reducer().order());
                System.out.println(
                        "bias " + Arrays.toString(net.second.bias.grad().toFloatArray()));
            }
        }
    }

    @Test
    void afterTheFirstStepGradientsAreSentInTheOrderInWhichTheyArrive() {
        for (Ranks.Result result : Ranks.run(2, Order.class)) {
            assertEquals(0, result.status(), result::toString);
            assertEquals("[first.bias, first.weight, second.bias, second.weight]", result.value("before"));
            String after = result.value("after");
            assertTrue(after.indexOf("second.weight") < after.indexOf("first.weight"), after);
            assertTrue(after.indexOf("second.bias") < after.indexOf("first.weight"), after);
            assertEquals(List.of("shared true", "shared true", "shared true"), lines(result, "shared"));
            assertEquals("[2.0, 2.0, 2.0, 2.0]", result.value("bias"));
        }
    }

    /** Rank 0, whose order counts, has one batch, and the other one three. */
    @Test
    void aProcessWithoutBatchesOrdersItsGradientsAsTheOthers() {
        List<Ranks.Result> results = Ranks.run(2, Order.class, "uneven");
        results.forEach(result -> assertEquals(0, result.status(), result::toString));
        assertEquals(results.get(0).value("after"), results.get(1).value("after"));
        assertTrue(results.get(0).value("after").startsWith("[second."), results::toString);
        assertEquals(
                "[1.0, 1.0, 1.0, 1.0]", results.get(1).value("bias")); // the mean over both, of which one had no batch
    }

    private static List<String> lines(Ranks.Result result, String start) {
        return result.lines().stream().filter(line -> line.startsWith(start)).toList();
    }
}
