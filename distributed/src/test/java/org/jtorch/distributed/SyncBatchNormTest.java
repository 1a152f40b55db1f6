package org.jtorch.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.norm.BatchNorm;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.norm.SyncBatchNorm;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several processes with parts of a batch compute what PyTorch's BatchNorm computes of the whole: {@code sync_batch_norm.pt}, which
 * {@code parity/record/sync_batch_norm.py} writes.
 */
class SyncBatchNormTest {

    /** A model whose field cannot hold a SyncBatchNorm. */
    private static final class Narrow extends Module<Tensor, Tensor> {
        BatchNorm2d bn = new BatchNorm2d(2);

        @Override
        protected Tensor forward(Tensor x) {
            return bn.call(x);
        }
    }

    /** What each process does. */
    static final class Program {

        /** The greatest differences from what was recorded, relative to the greatest absolute value. */
        private static final Map<String, Double> WORST = new TreeMap<>();

        public static void main(String[] arguments) {
            try (ProcessGroup group = Distributed.init(o -> o.timeout(Duration.ofSeconds(60)))) {
                List<?> cases = (List<?>) recorded().get((long) group.size());
                cases.forEach(each -> replay(group, (Map<?, ?>) each));
                System.out.println("cases " + cases.size());
                WORST.forEach((what, difference) -> System.out.println(what + " " + difference));
                narrowField(group);
                halves();
                oneValue(group);
                group.barrier();
            }
        }

        private static Map<?, ?> recorded() {
            try (InputStream file = SyncBatchNormTest.class.getResourceAsStream("/sync_batch_norm.pt")) {
                return (Map<?, ?>) Checkpoint.load(file).root();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void replay(ProcessGroup group, Map<?, ?> recorded) {
            List<?> parts = (List<?>) recorded.get("parts");
            long start = 0;
            for (int rank = 0; rank < group.rank(); rank++) {
                start += (Long) parts.get(rank);
            }
            long from = start;
            long count = (Long) parts.get(group.rank());
            SyncBatchNorm layer = layer((Map<?, ?>) recorded.get("initial"), (Map<?, ?>) recorded.get("options"));
            for (Object each : (List<?>) recorded.get("steps")) {
                Map<?, ?> step = (Map<?, ?>) each;
                Tensor x = tensor(step, "x").narrow(0, from, count).clone().requiresGrad_();
                Tensor y = layer.call(x);
                layer.zeroGrad();
                y.backward(tensor(step, "grad").narrow(0, from, count).clone());
                compare("y", tensor(step, "y").narrow(0, from, count), y, tensor(step, "y"));
                Tensor gradX = tensor(step, "grad_x");
                compare("grad_x", gradX.narrow(0, from, count), grad(x), gradX);
                for (Named<Parameter> named : layer.namedParameters()) {
                    Tensor sum = grad(named.value());
                    group.allReduce(sum);
                    Tensor whole = tensor((Map<?, ?>) step.get("grad_params"), named.name());
                    compare("grad_" + named.name(), whole, sum, whole);
                }
                for (Named<Buffer> named : layer.namedBuffers()) {
                    Tensor whole = tensor((Map<?, ?>) step.get("after"), named.name());
                    compare(named.name(), whole, named.value(), whole);
                }
            }
            Tensor x = tensor((Map<?, ?>) ((List<?>) recorded.get("steps")).get(2), "x");
            compare("eval", tensor(recorded, "eval"), layer.eval().call(x), tensor(recorded, "eval"));
        }

        /** Returns a layer that was converted from a plain one. */
        private static SyncBatchNorm layer(Map<?, ?> initial, Map<?, ?> options) {
            Map<String, Tensor> state = new LinkedHashMap<>();
            initial.forEach((key, value) -> state.put((String) key, (Tensor) value));
            boolean affine = !Boolean.FALSE.equals(options.get("affine"));
            Tensor weight = state.get("weight");
            Tensor any = weight == null ? state.get("running_mean") : weight;
            BatchNorm plain = new BatchNorm2d(any.numel(), o -> o.affine(affine)
                    .dtype(any.dtype())
                    .bias(!Boolean.FALSE.equals(options.get("bias")))
                    .trackRunningStats(!Boolean.FALSE.equals(options.get("track_running_stats")))
                    .momentum(options.containsKey("momentum") ? (Number) options.get("momentum") : (Number) 0.1)
                    .eps(options.containsKey("eps") ? (Number) options.get("eps") : (Number) 1e-5));
            plain.loadStateDict(state);
            return (SyncBatchNorm) SyncBatchNorm.convertSyncBatchnorm(plain);
        }

        private static Tensor tensor(Map<?, ?> map, String key) {
            return (Tensor) map.get(key);
        }

        private static Tensor grad(Tensor tensor) {
            Tensor grad = tensor.grad();
            if (grad == null) {
                throw new AssertionError("no gradient");
            }
            return grad;
        }

        private static void compare(String what, Tensor expected, Tensor actual, Tensor whole) {
            if (expected.numel() > 0) {
                Tensor difference =
                        expected.to(DType.FLOAT64).sub(actual.detach().to(DType.FLOAT64));
                double scale =
                        Math.max(1e-3, whole.to(DType.FLOAT64).abs().max().item());
                WORST.merge(what, difference.abs().max().item() / scale, Math::max);
            }
        }

        /** A layer that stays in its field does the same as one that is replaced. */
        private static void narrowField(ProcessGroup group) {
            Narrow model = new Narrow();
            SyncBatchNorm.convertSyncBatchnorm(model, group);
            SyncBatchNorm sync = new SyncBatchNorm(2, group, o -> {});
            Tensor x = Torch.randn(2, 2, 3, 3);
            System.out.println("narrow " + model.call(x).equal(sync.call(x)) + " "
                    + model.bn.runningVar.equal(sync.runningVar) + " " + model.bn);
        }

        /** Values of fewer bits are normalized by statistics of float32. */
        private static void halves() {
            SyncBatchNorm plain = new SyncBatchNorm(3);
            SyncBatchNorm half = new SyncBatchNorm(3, o -> o.dtype(DType.BFLOAT16));
            Tensor x = Torch.randn(5, 3, 2, 2).to(DType.BFLOAT16).requiresGrad_();
            Tensor wide = x.detach().to(DType.FLOAT32).requiresGrad_();
            Tensor y = half.call(x);
            Tensor expected = plain.call(wide);
            y.square().sum().backward();
            expected.to(DType.BFLOAT16).square().sum().backward();
            System.out.println("halves " + y.dtype() + " "
                    + y.to(DType.FLOAT32).allclose(expected, 0.01, 0.01) + " "
                    + grad(x).to(DType.FLOAT32).allclose(grad(wide), 0.02, 0.05));
        }

        private static void oneValue(ProcessGroup group) {
            SyncBatchNorm layer = new SyncBatchNorm(3);
            try {
                layer.call(Torch.ones(group.rank() == 0 ? 1 : 0, 3));
            } catch (TorchException e) {
                System.out.println("one " + e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void partsOfABatch(int count) {
        List<Ranks.Result> results = Ranks.run(count, Program.class);
        for (Ranks.Result result : results) {
            assertEquals(0, result.status(), result::toString);
            assertEquals("17", result.value("cases"));
            for (String what : List.of(
                    "y",
                    "grad_x",
                    "grad_weight",
                    "grad_bias",
                    "running_mean",
                    "running_var",
                    "num_batches_tracked",
                    "eval")) {
                double worst = Double.parseDouble(result.value(what));
                assertTrue(worst < 1e-5, () -> what + ": " + result);
            }
            assertEquals(
                    "true true SyncBatchNorm(2, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)",
                    result.value("narrow"));
            assertEquals("torch.bfloat16 true true", result.value("halves"));
            assertTrue(result.value("one").contains("more than 1 value"), result::toString);
        }
    }
}
