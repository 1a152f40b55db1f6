package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** State dicts: keys, order, sharing, and the text of every way in which loading can fail, against PyTorch's. */
class StateDictTest {

    private static final class Block extends Module<Tensor, Tensor> {
        Conv2d conv = new Conv2d(1, 2, 3);
        BatchNorm2d bn = new BatchNorm2d(2);

        @Override
        protected Tensor forward(Tensor x) {
            return bn.call(conv.call(x));
        }
    }

    /** The model of parity/record/nn.py. */
    private static final class Net extends Module<Tensor, Tensor> {
        Parameter scale = new Parameter(Torch.ones(2));

        @Buffer
        Tensor steps = Torch.zeros();

        Block block = new Block();
        Sequential head = new Sequential(new Linear(4, 3), new ReLU(), new Linear(3, 2, o -> o.bias(false)));

        @Override
        protected Tensor forward(Tensor x) {
            return head.call(block.call(x).flatten(1)).mul(scale).add(steps);
        }
    }

    private static Consumer<Map<String, Tensor>> remove(String... keys) {
        return d -> List.of(keys).forEach(d::remove);
    }

    private static Consumer<Map<String, Tensor>> zeros(String key, long... shape) {
        return d -> d.put(key, Torch.zeros(shape));
    }

    private static final Consumer<Map<String, Tensor>> MISSING =
            remove("head.2.weight", "scale", "block.bn.num_batches_tracked", "block.bn.weight");
    private static final Consumer<Map<String, Tensor>> UNEXPECTED = zeros("head.2.bias", 2)
            .andThen(zeros("nope.weight", 1))
            .andThen(zeros("block.conv.weight.deep", 1))
            .andThen(zeros("block.extra", 1))
            .andThen(zeros("other", 1))
            .andThen(zeros("head.7.weight", 1));
    private static final Consumer<Map<String, Tensor>> SIZES = zeros("head.0.weight", 3, 5)
            .andThen(zeros("block.conv.weight", 2, 1, 3, 1))
            .andThen(zeros("steps", 2))
            .andThen(zeros("scale"));

    private static String load(Consumer<Map<String, Tensor>> change, boolean strict) {
        StateDict d = new Net().stateDict();
        change.accept(d);
        Net net = new Net();
        String before = bits(net);
        try {
            return net.loadStateDict(d, strict).toString();
        } catch (TorchException e) {
            assertEquals(before, bits(net), "nothing is half loaded");
            return e.getMessage();
        }
    }

    private static String bits(Module<?, ?> module) {
        return module.stateDict().values().stream().map(Recording::bits).collect(Collectors.joining("|"));
    }

    @TestFactory
    Stream<DynamicTest> loadingSaysWhatPyTorchSays() {
        Map<String, String> said = new HashMap<>();
        said.put("nothing", load(d -> {}, true));
        said.put("missing", load(MISSING, true));
        said.put("unexpected", load(UNEXPECTED, true));
        said.put("sizes", load(SIZES, true));
        said.put("all", load(MISSING.andThen(UNEXPECTED).andThen(zeros("head.0.weight", 3, 5)), true));
        said.put("empty", load(Map::clear, true));
        said.put("one element for a scalar", load(zeros("steps", 1), true));
        said.put("not strict", load(MISSING.andThen(UNEXPECTED), false));
        said.put("not strict sizes", load(MISSING.andThen(SIZES), false));
        Map<String, Tensor> unversioned = new LinkedHashMap<>(new Net().stateDict());
        unversioned.remove("block.bn.num_batches_tracked");
        said.put(
                "no batches tracked, no metadata",
                new Net().loadStateDict(unversioned).toString());
        Map<String, String> recorded = Recording.read("load.txt");
        assertEquals(recorded.keySet(), said.keySet());
        return recorded.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> assertEquals(e.getValue(), said.get(e.getKey()))));
    }

    @Test
    void keysOrderAndMetadataArePyTorchs() {
        StateDict d = new Net().stateDict();
        assertEquals(Recording.read("keys.txt").get("Net"), String.join("\n", d.keySet()));
        assertEquals(
                Recording.read("keys.txt").get("metadata"),
                d.metadata().entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue().get("version"))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void itSharesTheModulesMemoryOutsideOfTheGraph() {
        Linear m = new Linear(2, 2);
        StateDict d = m.stateDict();
        assertFalse(d.get("weight").requiresGrad());
        assertTrue(d.get("weight").isAliasOf(m.weight));
        d.get("weight").zero_();
        assertEquals(0.0, m.weight.abs().sum().item());
    }

    @Test
    void loadingCopiesIntoTheSameObjects() {
        Linear from = new Linear(3, 2);
        Linear to = new Linear(3, 2);
        Parameter weight = to.weight;
        assertTrue(to.loadStateDict(from.stateDict()).isEmpty());
        assertTrue(to.weight == weight && weight.requiresGrad() && weight.isLeaf());
        assertEquals(bits(from), bits(to));
        assertFalse(to.weight.isAliasOf(from.weight));
    }

    @Test
    void valuesAreConvertedToTheModulesDtype() {
        Linear m = new Linear(1, 1, o -> o.bias(false));
        m.loadStateDict(Map.of("weight", Torch.full(new long[] {1, 1}, 0.5, TensorOptions.of(DType.FLOAT64))));
        assertEquals(DType.FLOAT32, m.weight.dtype());
        assertEquals(0.5, m.weight.item());
    }

    @Test
    void withoutStrictWhatMatchesIsLoaded() {
        Linear m = new Linear(1, 1);
        IncompatibleKeys keys = m.loadStateDict(Map.of("weight", Torch.full(new long[] {1, 1}, 2.0)), false);
        assertEquals(List.of("bias"), keys.missingKeys());
        assertEquals(2.0, m.weight.item());
    }

    @Test
    void loadingWorksInNoGradAndInferenceMode() {
        Linear from = new Linear(2, 2);
        Linear to = new Linear(2, 2);
        Autograd.inferenceMode(() -> {
            to.loadStateDict(from.stateDict());
        });
        assertEquals(bits(from), bits(to));
        to.call(Torch.ones(1, 2)).sum().backward();
        assertEquals(4.0, to.weight.grad().sum().item());
    }

    @Test
    void aVersionOneBatchNormHasNoBatchesTracked() {
        BatchNorm2d from = new BatchNorm2d(2);
        StateDict d = from.stateDict();
        d.remove("num_batches_tracked");
        assertThrows(TorchException.class, () -> new BatchNorm2d(2).loadStateDict(d), "its metadata says version 2");
        d.metadata().put("", Map.of("version", 1L));
        BatchNorm2d to = new BatchNorm2d(2);
        to.numBatchesTracked.fill_(7);
        to.loadStateDict(d);
        assertEquals(7, to.numBatchesTracked.itemLong(), "what stood there is kept");
    }
}
