package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.state.IncompatibleKeys;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.nn.state.StateDictLoad;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** State dicts: keys, order, sharing, and the text of every way in which loading can fail, compared with PyTorch's. */
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

        Buffer steps = new Buffer(Torch.zeros());

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
        } catch (StateDictException e) {
            assertEquals(before, bits(net), "nothing is half loaded");
            return e.text();
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

    // --- what PyTorch does not promise: nothing is half loaded ---------------------------------------------------

    /** Extra state that rejects unknown values. */
    private static final class Picky extends Module<Tensor, Tensor> {
        final Parameter w = new Parameter(Torch.zeros(2));

        @Unregistered
        Object state = "mine";

        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(w);
        }

        @Override
        public Object getExtraState() {
            return state;
        }

        @Override
        public void setExtraState(Object newState) {
            if (newState.equals("bad")) {
                throw new IllegalArgumentException("bad state");
            }
            state = newState;
        }
    }

    private static StateDict filledWith(Module<?, ?> module, double value) {
        StateDict d = new StateDict(module.stateDict());
        d.replaceAll((key, tensor) -> Torch.full(tensor.shape(), value, TensorOptions.of(tensor.dtype())));
        return d;
    }

    @Test
    void whatWasLoadedForAHookIsTakenBackWhereTheLoadFails() {
        for (boolean assign : new boolean[] {false, true}) {
            Net net = new Net();
            net.scale.setGrad(Torch.full(new long[] {2}, 5.0));
            List<Double> seen = new ArrayList<>();
            net.block.registerLoadStateDictPostHook((module, keys) ->
                    seen.add(net.block.conv.weight.detach().mean().item()));
            String before = bits(net);
            StateDict d = filledWith(net, 3);
            d.remove("head.0.bias");
            assertThrows(StateDictException.class, () -> net.loadStateDict(d, true, assign));
            assertEquals(List.of(3.0), seen, "the hook sees what was loaded");
            assertEquals(before, bits(net));
            assertEquals(10, net.scale.grad().sum().item());
            assertTrue(net.scale.requiresGrad() && net.scale.isLeaf());
            assertTrue(net.loadStateDict(d, false, assign).missingKeys().contains("head.0.bias"));
            assertEquals(3.0, net.scale.detach().mean().item());
            assertEquals(!assign, net.scale.grad() != null, "assign removes the gradient, copying does not");
        }
    }

    @Test
    void aLazyModuleIsLazyAgainWhereTheLoadFails() {
        LazyLinear lazy = new LazyLinear(2);
        Sequential model = new Sequential(lazy, new Linear(2, 1));
        lazy.registerLoadStateDictPostHook((module, keys) -> assertFalse(lazy.hasUninitializedParams()));
        StateDict d = new Sequential(new Linear(3, 2), new Linear(2, 1)).stateDict();
        d.remove("1.bias");
        assertThrows(StateDictException.class, () -> model.loadStateDict(d));
        assertTrue(lazy.hasUninitializedParams());
        assertEquals("<UninitializedParameter>", lazy.weight.toString());
        assertEquals(2, model.call(Torch.ones(2, 7)).size(0));
        assertThrows(StateDictException.class, () -> model.loadStateDict(d));
    }

    @Test
    void aCopyHasTheHooks() {
        Linear original = new Linear(1, 1);
        List<Object> seen = new ArrayList<>();
        RemovableHandle handle = original.registerStateDictPreHook((module, prefix, keepVars) -> seen.add(module));
        Linear copy = Module.deepCopy(original);
        handle.remove();
        copy.stateDict();
        original.stateDict();
        assertEquals(List.of(copy), seen);
    }

    @Test
    void aHookThatThrowsLeavesTheModuleAsItWas() {
        Net net = new Net();
        String before = bits(net);
        net.registerLoadStateDictPostHook((module, keys) -> {
            throw new IllegalStateException("hook");
        });
        assertThrows(IllegalStateException.class, () -> net.loadStateDict(filledWith(net, 3)));
        assertEquals(before, bits(net));
    }

    @Test
    void extraStateIsTakenBackToo() {
        Picky first = new Picky();
        Picky second = new Picky();
        Sequential model = new Sequential(first, new Linear(2, 2), second);
        StateDict d = filledWith(model, 3);
        d.putEntry("0._extra_state", "theirs");
        d.putEntry("2._extra_state", "bad");
        String before = bits(model);
        assertThrows(IllegalArgumentException.class, () -> model.loadStateDict(d));
        assertEquals("mine", first.state);
        assertEquals(before, bits(model));
        d.putEntry("2._extra_state", "good");
        model.loadStateDict(d);
        assertEquals("theirs", first.state);
        assertEquals("good", second.state);
        assertEquals(3.0, second.w.detach().mean().item());
    }

    /** Its own part is loaded early, because its class loads itself. An older key of a tied weight must not win later. */
    private static final class Early extends Module<Tensor, Tensor> {
        Parameter w;

        Early(Parameter w) {
            this.w = w;
        }

        @Override
        protected void loadFrom(StateDictLoad load) {
            super.loadFrom(load);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(w);
        }
    }

    @Test
    void ofSeveralKeysOfATiedWeightTheLastWins() {
        Linear plain = new Linear(2, 2, o -> o.bias(false));
        for (boolean assign : new boolean[] {false, true}) {
            Sequential model = new Sequential(plain, new Early(plain.weight), new Sequential(plain));
            StateDict d = new StateDict(model.stateDict());
            d.put("0.weight", Torch.full(new long[] {2, 2}, 1.0));
            d.put("1.w", Torch.full(new long[] {2, 2}, 2.0));
            d.put("2.0.weight", Torch.full(new long[] {2, 2}, 3.0));
            model.loadStateDict(d, true, assign);
            assertEquals(3.0, plain.weight.detach().mean().item());
            d.remove("2.0.weight");
            model.loadStateDict(d, false, assign);
            assertEquals(2.0, plain.weight.detach().mean().item());
        }
    }

    @Test
    void aModuleWithoutExtraStateSaysSo() {
        assertEquals(
                "Linear keeps no extra state: override getExtraState and setExtraState",
                assertThrows(UnsupportedOperationException.class, () -> new Linear(1, 1).getExtraState())
                        .getMessage());
    }

    @Tag("slow")
    @Test
    void loadingTakesTimeProportionalToTheKeys() {
        ModuleList<ModuleList<Linear>> model = new ModuleList<>();
        for (int i = 0; i < 200; i++) {
            ModuleList<Linear> block = new ModuleList<>();
            for (int j = 0; j < 100; j++) {
                block.add(new Linear(1, 1));
            }
            model.add(block);
        }
        StateDict d = model.stateDict();
        assertEquals(40_000, d.size());
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            model.loadStateDict(d);
            best = Math.min(best, System.nanoTime() - start);
        }
        // A tenth of this is usual. A loader that examines every key for every module takes minutes.
        assertTrue(best < 500_000_000L, best / 1e9 + " s");
        StateDict wrong = d.addPrefix("module.");
        long start = System.nanoTime();
        StateDictException e = assertThrows(StateDictException.class, () -> model.loadStateDict(wrong));
        assertTrue(System.nanoTime() - start < 10_000_000_000L, "and so does saying why it does not fit");
        assertEquals(1, e.help().size());
    }
}
