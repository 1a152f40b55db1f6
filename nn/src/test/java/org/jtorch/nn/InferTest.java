package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.junit.jupiter.api.Test;

/** {@link Module#infer}: eval mode applies to the call and its thread, and what the user keeps stays valid. */
class InferTest {

    private static final int THREADS = 8;
    private static final int CALLS = 2000;

    // --- modes -------------------------------------------------------------------------------------------------

    /** Returns the outputs that are not bit for bit {@code expected}, among 2,000 calls by each of 8 threads. */
    private static int differing(Module<Tensor, Tensor> model, Tensor x, Tensor expected) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                counts.add(pool.submit(() -> {
                    int different = 0;
                    for (int i = 0; i < CALLS; i++) {
                        try (TensorScope scope = new TensorScope()) {
                            different += model.infer(x).equal(expected) ? 0 : 1;
                        }
                    }
                    return different;
                }));
            }
            int different = 0;
            for (Future<Integer> count : counts) {
                different += count.get();
            }
            return different;
        } finally {
            pool.shutdownNow();
        }
    }

    private static Tensor inEval(Module<Tensor, Tensor> model, Tensor x) {
        model.eval();
        Tensor expected = model.infer(x);
        model.train();
        return expected;
    }

    @Test
    void dropoutIsOffInEveryCallOfEveryThread() throws Exception {
        Sequential model = new Sequential(new Linear(8, 8), new Dropout(0.5), new Linear(8, 4));
        Tensor x = Torch.randn(2, 8);
        Tensor expected = inEval(model, x);
        assertEquals(0, differing(model, x, expected));
        assertTrue(model.modules().stream().allMatch(Module::isTraining));
    }

    @Test
    void statisticsStayInEveryCallOfEveryThread() throws Exception {
        BatchNorm1d norm = new BatchNorm1d(8);
        Sequential model = new Sequential(new Linear(8, 8), norm, new Linear(8, 4));
        Tensor x = Torch.randn(4, 8);
        model.call(x); // The statistics must differ from those of a new layer.
        Tensor mean = norm.runningMean.clone();
        Tensor variance = norm.runningVar.clone();
        Tensor expected = inEval(model, x);
        assertEquals(0, differing(model, x, expected));
        assertTrue(norm.runningMean.equal(mean));
        assertTrue(norm.runningVar.equal(variance));
        assertEquals(1, norm.numBatchesTracked.itemLong());
    }

    @Test
    void anotherThreadTrainsTheSameModelMeanwhile() throws Exception {
        Dropout drop = new Dropout(0.5);
        Sequential model = new Sequential(drop);
        Tensor x = Torch.ones(4096);
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> inferring = pool.submit(() -> {
                int different = 0;
                while (!stop.get()) {
                    try (TensorScope scope = new TensorScope()) {
                        different += model.infer(x).equal(x) ? 0 : 1;
                    }
                }
                return different;
            });
            int undropped = 0;
            for (int i = 0; i < 500; i++) {
                try (TensorScope scope = new TensorScope()) {
                    undropped += model.call(x).equal(x) ? 1 : 0;
                    undropped += model.isTraining() && drop.isTraining() ? 0 : 1;
                }
            }
            stop.set(true);
            assertEquals(0, undropped, "calls of the training thread in eval mode");
            assertEquals(0, inferring.get(), "calls of the inferring thread in training mode");
        } finally {
            stop.set(true);
            pool.shutdownNow();
        }
    }

    /** Records what {@link #isTraining} returns during the forward, for this module and another one. */
    private static final class Modes extends Module<Tensor, Tensor> {
        Dropout inside = new Dropout(0.5);

        @Unregistered
        Dropout outside = new Dropout(0.5);

        @Unregistered
        List<Boolean> seen = new ArrayList<>();

        @Unregistered
        Runnable during = () -> {};

        @Override
        protected Tensor forward(Tensor x) {
            during.run();
            seen = List.of(isTraining(), inside.isTraining(), outside.isTraining());
            return x;
        }
    }

    @Test
    void modulesBelowTheRootAreInEvalModeAndOthersAreNot() {
        Modes m = new Modes();
        m.infer(Torch.ones(1));
        assertEquals(List.of(false, false, true), m.seen);
        m.call(Torch.ones(1));
        assertEquals(List.of(true, true, true), m.seen);
        new Sequential(m).infer(Torch.ones(1));
        assertEquals(List.of(false, false, true), m.seen);
    }

    @Test
    void anInferWithinAnotherEndsAlone() {
        Modes outer = new Modes();
        Modes inner = new Modes();
        outer.during = () -> inner.infer(Torch.ones(1));
        outer.infer(Torch.ones(1));
        assertEquals(List.of(false, false, true), inner.seen);
        assertEquals(List.of(false, false, true), outer.seen);
        assertTrue(outer.isTraining() && inner.isTraining());
    }

    @Test
    void aFailureEndsTheMode() {
        Modes m = new Modes();
        m.during = () -> {
            throw new IllegalArgumentException("meant");
        };
        assertThrows(IllegalArgumentException.class, () -> m.infer(Torch.ones(1)));
        assertTrue(m.isTraining() && m.inside.isTraining());
    }

    /** A mode that the forward sets applies, as in PyTorch after {@code root.eval()}. */
    @Test
    void aForwardMayTurnTheModeOnAgain() {
        Modes m = new Modes();
        m.during = () -> m.inside.train();
        m.infer(Torch.ones(1));
        assertEquals(List.of(false, true, true), m.seen);
        m.during = () -> m.inside.eval();
        m.infer(Torch.ones(1));
        assertEquals(List.of(false, false, true), m.seen);
        assertFalse(m.inside.isTraining());
    }

    @Test
    void aCopyMadeMeanwhileIsInTheModeOfTheCall() {
        Modes m = new Modes();
        List<Dropout> copies = new ArrayList<>();
        m.during = () -> copies.add(Module.deepCopy(m.inside));
        m.infer(Torch.ones(1));
        assertFalse(copies.get(0).isTraining());
        assertTrue(m.inside.isTraining());
    }

    // --- what hooks see ----------------------------------------------------------------------------------------

    @Test
    void whatAHookStoresOutlivesInfer() {
        Linear inner = new Linear(3, 2);
        Sequential net = new Sequential(inner, new ReLU(), new Linear(2, 2));
        Tensor x = Torch.ones(1, 3);
        Map<String, Tensor> seen = new LinkedHashMap<>();
        try (RemovableHandle h1 = inner.registerForwardHook((m, in, out) -> {
                    seen.put("detached", out.detach());
                    seen.put("output", out);
                    seen.put("norm", out.norm());
                    return null;
                });
                RemovableHandle h2 = net.get(2).registerForwardPreHook((m, in) -> {
                    seen.put("input", (Tensor) (Object) in);
                    return null;
                })) {
            net.infer(x);
        }
        Tensor expected = inner.call(x).detach();
        assertTrue(seen.get("detached").equal(expected));
        assertTrue(seen.get("output").equal(expected));
        assertTrue(seen.get("norm").equal(expected.norm()));
        assertTrue(seen.get("input").equal(expected.relu()));
    }

    @Test
    void whatAGlobalHookStoresOutlivesInfer() {
        List<Tensor> seen = new ArrayList<>();
        Sequential net = new Sequential(new Linear(3, 2), new ReLU());
        try (RemovableHandle h = GlobalHooks.registerModuleForwardHook((m, in, out) -> {
            seen.add((Tensor) out);
            seen.add(((Tensor) out).add(1));
            return null;
        })) {
            net.infer(Torch.ones(1, 3));
        }
        assertEquals(6, seen.size());
        seen.forEach(t -> assertEquals(2, t.numel()));
    }

    @Test
    void whatAHookStoresBelongsToTheScopeAround() {
        List<Tensor> seen = new ArrayList<>();
        Sequential net = new Sequential(new Linear(3, 2), new ReLU());
        net.get(0).registerForwardHook((m, in, out) -> {
            try (TensorScope own = new TensorScope()) {
                seen.add(own.keep(((Tensor) out).mul(2)));
            }
            seen.add((Tensor) out);
            return null;
        });
        try (TensorScope around = new TensorScope()) {
            new Modes2(net).infer(Torch.ones(1, 3));
            seen.forEach(t -> assertEquals(2, t.numel()));
        }
        seen.forEach(t -> assertTrue(t.isClosed()));
    }

    /** A module that calls infer in its forward. */
    private static final class Modes2 extends Module<Tensor, Tensor> {
        Sequential net;

        Modes2(Sequential net) {
            this.net = net;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return net.infer(x);
        }
    }

    @Test
    void whatAHookOfAnInnerInferStoresOutlivesTheOuter() {
        List<Tensor> seen = new ArrayList<>();
        Sequential net = new Sequential(new Linear(3, 2), new ReLU());
        net.get(0).registerForwardHook((m, in, out) -> {
            seen.add(((Tensor) out).detach());
            seen.add((Tensor) out);
            return null;
        });
        new Modes2(net).infer(Torch.ones(1, 3));
        seen.forEach(t -> assertEquals(2, t.numel()));
    }

    // --- what fields hold --------------------------------------------------------------------------------------

    private record Pair(Tensor first, int number) {}

    private static class Peek extends Linear {
        @Nullable
        Tensor seen;

        Peek() {
            super(3, 2);
        }

        @Override
        protected Tensor forward(Tensor x) {
            seen = super.forward(x);
            return seen;
        }
    }

    private static final class Keeper extends Module<Tensor, Tensor> {
        Peek peek = new Peek();

        @Unregistered
        Peek teacher = new Peek();

        @Nullable
        Tensor plain;

        @Nullable
        Tensor dropped;

        Tensor @Nullable [] array;

        @Nullable
        Pair pair;

        Optional<Tensor> optional = Optional.empty();
        Map<String, List<Tensor>> map = new HashMap<>();

        @Nullable
        Object any;

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = peek.call(x);
            teacher.call(x);
            plain = y.add(1);
            dropped = y.add(0);
            Tensor gone = dropped;
            dropped = y.add(2);
            array = new Tensor[] {y.add(3)};
            pair = new Pair(y.add(4), 1);
            optional = Optional.of(y.add(5));
            map.put("a", List.of(y.add(6)));
            any = y.add(7);
            freed.add(gone);
            return y.sum();
        }

        /** A static field belongs to no module. */
        static final List<Tensor> freed = new ArrayList<>();
    }

    @Test
    void whatFieldsHoldOutlivesInfer() {
        Keeper m = new Keeper();
        Tensor x = Torch.ones(1, 3);
        new Sequential(m).infer(x);
        Tensor y = m.peek.weight.detach().matmul(x.t()).t().add(m.peek.bias.detach());
        assertNotNull(m.peek.seen);
        assertTrue(m.peek.seen.allclose(y));
        assertTrue(m.teacher.seen.numel() == 2);
        assertTrue(m.plain.allclose(y.add(1)));
        assertTrue(m.dropped.allclose(y.add(2)));
        assertTrue(m.array[0].allclose(y.add(3)));
        assertTrue(m.pair.first().allclose(y.add(4)));
        assertTrue(m.optional.get().allclose(y.add(5)));
        assertTrue(m.map.get("a").get(0).allclose(y.add(6)));
        assertTrue(((Tensor) m.any).allclose(y.add(7)));
        assertTrue(Keeper.freed.get(0).isClosed(), "all else is freed");
    }

    @Test
    void whatAFieldHoldsAndIsGivenBackBelongsToTheScopeAround() {
        Peek m = new Peek();
        Tensor y;
        try (TensorScope around = new TensorScope()) {
            y = m.infer(Torch.ones(1, 3));
            assertSame(m.seen, y);
            assertEquals(2, y.numel());
        }
        assertTrue(y.isClosed());
    }

    /** A map that changes while it is searched. */
    private static final class Changing extends HashMap<String, Tensor> {
        private static final long serialVersionUID = 1;

        @Override
        public Collection<Tensor> values() {
            if (isEmpty()) {
                return super.values();
            }
            throw new ConcurrentModificationException();
        }
    }

    private static final class WithChanging extends Module<Tensor, Tensor> {
        Changing map = new Changing();

        @Override
        protected Tensor forward(Tensor x) {
            map.put("a", x.add(1));
            return x.add(2);
        }
    }

    @Test
    void nothingIsFreedIfAFieldCannotBeLookedInto() {
        WithChanging m = new WithChanging();
        assertEquals(3, m.infer(Torch.ones(1)).item());
        assertEquals(2, m.map.get("a").item());
    }
}
