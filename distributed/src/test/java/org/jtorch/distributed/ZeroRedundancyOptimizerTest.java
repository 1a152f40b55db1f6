package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.optim.Adagrad;
import org.jtorch.optim.Adam;
import org.jtorch.optim.LBFGS;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.Params;
import org.jtorch.optim.SGD;
import org.jtorch.optim.lrscheduler.StepLR;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Divided optimizers compute what PyTorch's compute, {@code zero_redundancy.pt}, which {@code parity/record/zero_redundancy.py} writes; and
 * bit for bit what the same optimizers compute in one process.
 */
class ZeroRedundancyOptimizerTest {

    /** What each process does. */
    static final class Program {
        public static void main(String[] arguments) {
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                for (String name : List.of("adam", "sgd")) {
                    Map<?, ?> recorded = (Map<?, ?>) recorded().get(name + " " + group.size());
                    new Replay(group, name, recorded).run();
                }
                memory(group);
                addedGroup(group);
                refused(group);
                group.barrier();
            }
        }

        private static Map<?, ?> recorded() {
            try (InputStream file = ZeroRedundancyOptimizerTest.class.getResourceAsStream("/zero_redundancy.pt")) {
                return (Map<?, ?>) Checkpoint.load(file).root();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** With 12 parameters of the same size, each process has its share to the byte. */
        private static void memory(ProcessGroup group) {
            List<Parameter> parameters = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                parameters.add(new Parameter(Torch.full(new long[] {100, 100}, (double) i)));
            }
            Adam adam = new Adam(parameters);
            ZeroRedundancyOptimizer zero = new ZeroRedundancyOptimizer(adam, group);
            parameters.forEach(p -> p.setGrad(Torch.onesLike(p)));
            zero.step();
            long own = zero.stateBytes();
            long whole = 12 * (2 * 4 * 100 * 100 + 4);
            System.out.println("memory " + (own * group.size() == whole) + " " + own + " of " + whole);
        }

        /** A group that is added is divided too, for an optimizer that has a state before the first step. */
        private static void addedGroup(ProcessGroup group) {
            List<Parameter> own = List.of(new Parameter(Torch.ones(3)), new Parameter(Torch.ones(5)));
            List<Parameter> plain =
                    own.stream().map(p -> new Parameter(p.data().clone())).toList();
            Adagrad divided = new Adagrad(own.subList(0, 1));
            Adagrad whole = new Adagrad(plain.subList(0, 1));
            ZeroRedundancyOptimizer zero = new ZeroRedundancyOptimizer(divided, group);
            boolean freshIsComplete =
                    ((Map<?, ?>) zero.stateDict().get("state")).size() == 1; // nothing was dropped yet
            zero.addParamGroup(own.subList(1, 2));
            whole.addParamGroup(plain.subList(1, 2));
            for (int step = 0; step < 2; step++) {
                own.forEach(p -> p.setGrad(Torch.full(p.shape(), 0.5)));
                plain.forEach(p -> p.setGrad(Torch.full(p.shape(), 0.5)));
                zero.step(() -> Torch.ones(1));
                whole.step();
            }
            boolean equal = own.get(0).equal(plain.get(0)) && own.get(1).equal(plain.get(1));
            String bytes = zero.stateBytes() + " bytes";
            zero.zeroGrad();
            System.out.println("added " + freshIsComplete + " " + equal + " "
                    + (own.get(0).grad() == null) + " " + zero.parameters(0).size() + "+"
                    + zero.parameters(1).size() + " " + bytes);
        }

        private static void refused(ProcessGroup group) {
            List<Parameter> parameters = List.of(new Parameter(Torch.ones(2)));
            Adam adam = new Adam(parameters);
            ZeroRedundancyOptimizer zero = new ZeroRedundancyOptimizer(adam, group);
            parameters.get(0).setGrad(Torch.ones(2));
            zero.step();
            refused("refused.state", adam::stateDict);
            refused("refused.twice", () -> new ZeroRedundancyOptimizer(adam, group));
            refused("refused.lbfgs", () -> new ZeroRedundancyOptimizer(new LBFGS(parameters), group));
        }

        private static void refused(String name, Runnable use) {
            try {
                use.run();
            } catch (IllegalStateException | IllegalArgumentException e) {
                System.out.println(name + " " + e.getMessage());
            }
        }
    }

    /** The run of one optimizer. */
    private static final class Replay {

        private final ProcessGroup group;
        private final String name;
        private final Map<?, ?> recorded;
        private final Sequential net = model();
        private final Sequential plainNet = model();
        private final Optimizer<?> optimizer;
        private final Optimizer<?> plain;
        private final ZeroRedundancyOptimizer zero;

        Replay(ProcessGroup group, String name, Map<?, ?> recorded) {
            this.group = group;
            this.name = name;
            this.recorded = recorded;
            Map<String, Tensor> initial = new LinkedHashMap<>();
            ((Map<?, ?>) recorded.get("initial")).forEach((key, value) -> initial.put((String) key, (Tensor) value));
            net.loadStateDict(initial);
            plainNet.loadStateDict(initial);
            optimizer = optimizer(net);
            plain = optimizer(plainNet);
            zero = new ZeroRedundancyOptimizer(optimizer, group);
        }

        private static Sequential model() {
            return new Sequential(new Linear(6, 16), new Tanh(), new Linear(16, 10), new Tanh(), new Linear(10, 3));
        }

        private Optimizer<?> optimizer(Sequential model) {
            List<Parameter> weights =
                    model.parameters().stream().filter(p -> p.dim() > 1).toList();
            List<Parameter> biases =
                    model.parameters().stream().filter(p -> p.dim() == 1).toList();
            return name.equals("adam")
                    ? new Adam(
                            o -> o.lr(0.01).weightDecay(0.02),
                            List.of(Params.of(weights), Params.of(biases, o -> o.lr(0.02)
                                    .weightDecay(0))))
                    : new SGD(
                            o -> o.lr(0.05).momentum(0.9), List.of(Params.of(weights), Params.of(biases, o -> o.lr(0.02)
                                    .weightDecay(0))));
        }

        void run() {
            StepLR schedule = new StepLR(optimizer, 4);
            StepLR plainSchedule = new StepLR(plain, 4);
            for (int step = 0; step < 10; step++) {
                step(net, optimizer, step);
                schedule.step();
                step(plainNet, plain, step);
                plainSchedule.step();
            }
            print("partition", partition().equals(recorded.get("parts")));
            print("same", same());
            double worst = 0;
            for (var named : net.namedParameters()) {
                Tensor expected = (Tensor) ((Map<?, ?>) recorded.get("after")).get(named.name());
                worst = Math.max(worst, difference(expected, named.value()));
            }
            print("parameters", worst);
            zero.consolidateStateDict(0);
            if (group.rank() == 0) {
                print("state", compared(recorded.get("state"), zero.stateDict()));
                print("plain", compared(plain.stateDict(), optimizer.stateDict()));
            }
            goOn();
        }

        /** Loads what PyTorch saved into both, and trains on. */
        private void goOn() {
            Map<?, ?> saved = (Map<?, ?>) recorded.get("state");
            zero.loadStateDict(saved);
            plain.loadStateDict(saved);
            plainNet.loadStateDict(net.stateDict());
            for (int step = 0; step < 3; step++) {
                step(net, optimizer, step);
                step(plainNet, plain, step);
            }
            print("loaded", same());
            zero.consolidateStateDict(group.size() - 1);
            if (group.rank() == group.size() - 1) {
                print("loaded.state", compared(plain.stateDict(), zero.stateDict()));
            }
        }

        private void step(Sequential model, Optimizer<?> with, int step) {
            with.zeroGrad();
            Tensor x = ((Tensor) recorded.get("x")).select(0, step);
            Tensor y = ((Tensor) recorded.get("y")).select(0, step);
            F.crossEntropy(model.call(x), y).backward();
            with.step();
        }

        private List<List<Long>> partition() {
            List<Tensor> all = new ArrayList<>();
            optimizer.groups().forEach(each -> all.addAll(each.parameters()));
            List<List<Long>> numbers = new ArrayList<>();
            for (int rank = 0; rank < group.size(); rank++) {
                numbers.add(zero.parameters(rank).stream()
                        .map(p -> (long) indexOf(all, p))
                        .toList());
            }
            return numbers;
        }

        private static int indexOf(List<Tensor> all, Tensor one) {
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i) == one) {
                    return i;
                }
            }
            return -1;
        }

        private boolean same() {
            for (int i = 0; i < net.parameters().size(); i++) {
                if (!net.parameters().get(i).equal(plainNet.parameters().get(i))) {
                    return false;
                }
            }
            return true;
        }

        /** Returns the greatest difference of two states, or text that says where they do not fit. */
        private static String compared(@Nullable Object expected, @Nullable Object actual) {
            List<String> problems = new ArrayList<>();
            double worst = walk("", expected, actual, problems);
            return problems.isEmpty() ? Double.toString(worst) : problems.toString();
        }

        private static double walk(
                String path, @Nullable Object expected, @Nullable Object actual, List<String> problems) {
            double worst = 0;
            if (expected instanceof Map<?, ?> map && actual instanceof Map<?, ?> other) {
                // the options of a group are in the order in which the program gave them
                boolean sameKeys = path.startsWith(".param_groups")
                        ? map.keySet().equals(other.keySet())
                        : List.copyOf(map.keySet()).equals(List.copyOf(other.keySet()));
                if (!sameKeys) {
                    problems.add(path + ": " + map.keySet() + " and " + other.keySet());
                }
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    worst = Math.max(
                            worst,
                            walk(path + "." + entry.getKey(), entry.getValue(), other.get(entry.getKey()), problems));
                }
            } else if (expected instanceof List<?> list
                    && actual instanceof List<?> other
                    && list.size() == other.size()) {
                for (int i = 0; i < list.size(); i++) {
                    worst = Math.max(worst, walk(path + "." + i, list.get(i), other.get(i), problems));
                }
            } else if (expected instanceof Tensor tensor && actual instanceof Tensor other) {
                worst = difference(tensor, other);
            } else if (expected instanceof Number number && actual instanceof Number other) {
                worst = Math.abs(number.doubleValue() - other.doubleValue());
            } else if (expected == null ? actual != null : !expected.equals(actual)) {
                problems.add(path + ": " + expected + " and " + actual);
            }
            return worst;
        }

        private static double difference(Tensor expected, Tensor actual) {
            return expected.to(DType.FLOAT64)
                    .sub(actual.detach().to(DType.FLOAT64))
                    .abs()
                    .max()
                    .item();
        }

        private void print(String what, Object value) {
            System.out.println(name + "." + what + " " + value);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void asPyTorchAndAsOneProcess(int count) {
        List<Ranks.Result> results = Ranks.run(count, Program.class);
        for (Ranks.Result result : results) {
            assertEquals(0, result.status(), result::toString);
            for (String name : List.of("adam", "sgd")) {
                assertEquals("true", result.value(name + ".partition"), result::toString);
                assertEquals("true", result.value(name + ".same"), result::toString);
                assertTrue(Double.parseDouble(result.value(name + ".parameters")) < 1e-6, result::toString);
                assertEquals("true", result.value(name + ".loaded"), result::toString);
            }
            assertTrue(result.value("memory").startsWith("true"), result::toString);
            int own = results.indexOf(result) == 0 ? 4 * 3 + 4 : results.indexOf(result) == 1 ? 4 * 5 + 4 : 0;
            assertEquals("true true true 1+1 " + own + " bytes", result.value("added"));
            assertTrue(result.value("refused.state").contains("consolidateStateDict"), result::toString);
            assertTrue(result.value("refused.twice").contains("divided already"), result::toString);
            assertTrue(result.value("refused.lbfgs").contains("LBFGS"), result::toString);
        }
        for (String name : List.of("adam", "sgd")) {
            Ranks.Result first = results.get(0);
            assertTrue(Double.parseDouble(first.value(name + ".state")) < 1e-6, first::toString);
            assertEquals("0.0", first.value(name + ".plain"));
            assertEquals("0.0", results.get(count - 1).value(name + ".loaded.state"));
        }
    }
}
