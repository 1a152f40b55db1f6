package org.jtorch.nn.utils.parametrize;

import static org.jtorch.nn.utils.Replay.grid;
import static org.jtorch.nn.utils.Replay.linear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Functional;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Named;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Recording;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.utils.Replay;
import org.junit.jupiter.api.Test;

/** Parametrizations have PyTorch's results: parity/record/parametrize.py has the same scenarios. */
class ParametrizeTest {

    private static final Replay RECORDED = new Replay("parametrize.txt");

    private static final class Symmetric extends Layer implements RightInverse<Tensor> {
        int calls;

        @Override
        protected Tensor forward(Tensor x) {
            calls++;
            return x.triu().add(x.triu(1).mT());
        }

        @Override
        public Tensor rightInverse(Tensor a) {
            return a.triu();
        }
    }

    private static final class Scale extends Layer implements RightInverse<Tensor> {
        Parameter by;

        Scale(double by) {
            this.by = new Parameter(Torch.tensor(by));
        }

        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(by);
        }

        @Override
        public Tensor rightInverse(Tensor y) {
            return y.div(by);
        }
    }

    private static class Plus extends Layer {
        @Override
        protected Tensor forward(Tensor x) {
            return x.add(1);
        }
    }

    private static final class RankOne extends Module<List<Tensor>, Tensor> implements RightInverse<List<Tensor>> {
        @Override
        protected Tensor forward(List<Tensor> xy) {
            return xy.get(0).unsqueeze(-1).matmul(xy.get(1).unsqueeze(-2));
        }

        @Override
        public List<Tensor> rightInverse(Tensor z) {
            return List.of(z.select(1, 0).clone(), z.select(0, 0).clone());
        }
    }

    private static final class Wider extends Layer {
        @Override
        protected Tensor forward(Tensor x) {
            return Torch.cat(List.of(x, x));
        }
    }

    private static final class Double extends Layer {
        @Override
        protected Tensor forward(Tensor x) {
            return x.to(DType.FLOAT64);
        }
    }

    private static final class DoubleInverse extends Plus implements RightInverse<Tensor> {
        @Override
        public Tensor rightInverse(Tensor y) {
            return y.to(DType.FLOAT64);
        }
    }

    private static final class WiderInverse extends Plus implements RightInverse<Tensor> {
        @Override
        public Tensor rightInverse(Tensor y) {
            return Torch.cat(List.of(y, y));
        }
    }

    private static final class Holder extends Layer {
        Buffer mean = new Buffer(grid(3));

        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(mean);
        }
    }

    private static <M extends Module<?, ?>> M register(M module, String name, Module<?, ?> parametrization) {
        return Parametrize.registerParametrization(module, name, parametrization);
    }

    private static ParametrizationList weight(Module<?, ?> module) {
        return Parametrize.parametrizations(module, "weight");
    }

    private final Tensor x = grid(2, 3);

    @Test
    void oneParametrization() {
        Linear m = register(linear(), "weight", new Symmetric());
        RECORDED.text("symmetric repr", m);
        RECORDED.keys("symmetric keys", m);
        List<String> names = m.namedParameters().stream().map(Named::name).toList();
        RECORDED.text("symmetric parameters", String.join("\n", names));
        RECORDED.value("symmetric weight", m.weight);
        Tensor original = weight(m).original();
        RECORDED.value("symmetric original", original);
        RECORDED.value("symmetric y", m.call(x));
        m.call(x).pow(2).sum().backward();
        RECORDED.value("symmetric grad", original.grad());
        RECORDED.value("symmetric bias grad", m.bias.grad());
        Tensor g = Autograd.grad(m.call(x).pow(3).sum(), original, true);
        RECORDED.value("symmetric grad grad", Autograd.grad(g.pow(2).sum(), original));
        weight(m).rightInverse(Torch.ones(3, 3));
        RECORDED.value("symmetric set", original);
        RECORDED.value(
                "symmetric functional original",
                Functional.call(m, Map.of("parametrizations.weight.original", grid(3, 3)), x));
        RECORDED.fails("symmetric load", TorchException.class, () -> m.loadStateDict(Map.of("weight", grid(3, 3))));
    }

    @Test
    void parametrizationsStackAndAreRemoved() {
        Linear m = register(linear(), "weight", new Symmetric());
        Tensor original = weight(m).original();
        weight(m).rightInverse(Torch.ones(3, 3));
        register(m, "weight", new Scale(2));
        register(m, "bias", new Plus());
        RECORDED.text("stacked repr", new Sequential(m, new ReLU()));
        RECORDED.keys("stacked keys", m);
        RECORDED.value("stacked weight", m.weight);
        RECORDED.value("stacked bias", m.bias);
        RECORDED.fails("stacked set", TorchException.class, () -> Parametrize.parametrizations(m, "bias")
                .rightInverse(Torch.zeros(3)));
        weight(m).rightInverse(Torch.ones(3, 3).mul(4));
        RECORDED.value("stacked original", original);
        Parametrize.removeParametrizations(m, "weight");
        RECORDED.keys("removed keys", m);
        RECORDED.text("removed repr", m);
        assertSame(original, m.weight);
        RECORDED.value("removed weight", m.weight);
        Parametrize.removeParametrizations(m, "bias", false);
        RECORDED.keys("all removed keys", m);
        RECORDED.text("all removed repr", m);
        RECORDED.value("all removed bias", m.bias);
        assertFalse(Parametrize.isParametrized(m));
        RECORDED.fails(
                "not parametrized",
                IllegalArgumentException.class,
                () -> Parametrize.removeParametrizations(m, "bias"));
    }

    @Test
    void severalOriginals() {
        Linear m = register(linear(), "weight", new RankOne());
        RECORDED.text("rank one repr", m);
        RECORDED.keys("rank one keys", m);
        RECORDED.value("rank one weight", m.weight);
        m.call(x).sum().backward();
        List<Tensor> originals = weight(m).originals();
        RECORDED.value("rank one grad0", originals.get(0).grad());
        RECORDED.value("rank one grad1", originals.get(1).grad());
        weight(m).rightInverse(grid(3, 3).add(1));
        RECORDED.value("rank one set0", originals.get(0));
        RECORDED.fails(
                "rank one leave",
                IllegalArgumentException.class,
                () -> Parametrize.removeParametrizations(m, "weight", false));
        Parametrize.removeParametrizations(m, "weight");
        RECORDED.value("rank one removed", m.weight);
        RECORDED.keys("rank one removed keys", m);
        assertTrue(m.weight.requiresGrad() && m.weight.isLeaf());
    }

    @Test
    void aBufferIsParametrized() {
        Holder m = register(new Holder(), "mean", new Plus());
        RECORDED.text("buffer repr", m);
        RECORDED.keys("buffer keys", m);
        RECORDED.value("buffer y", m.call(x));
        Parametrize.removeParametrizations(m, "mean");
        RECORDED.keys("buffer removed keys", m);
        RECORDED.value("buffer removed", m.mean);
    }

    @Test
    void unsafeOnesChangeTheShape() {
        Linear m = linear();
        register(m, "weight", new Plus());
        register(m, "weight", new Plus());
        RECORDED.text("repeated repr", m);
        Parametrize.registerParametrization(m, "bias", new Wider(), true);
        RECORDED.value("unsafe bias", m.bias);
    }

    @Test
    void errorsAreThoseOfPyTorch() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        RECORDED.fails("no tensor", type, () -> register(new Linear(3, 3), "wight", new Plus()));
        RECORDED.fails("shape", type, () -> register(linear(), "weight", new Wider()));
        RECORDED.fails("dtype", type, () -> register(linear(), "weight", new Double()));
        RECORDED.fails("inverse dtype", type, () -> register(linear(), "weight", new DoubleInverse()));
        Linear m = register(linear(), "weight", new Plus());
        RECORDED.fails("second shape", type, () -> register(m, "weight", new Wider()));
        RECORDED.fails("second dtype", type, () -> register(m, "weight", new Double()));
        RECORDED.fails("second inverse dtype", type, () -> register(m, "weight", new DoubleInverse()));
        RECORDED.fails("second inverse shape", type, () -> register(m, "weight", new WiderInverse()));
        RECORDED.fails("empty list", type, () -> new ParametrizationList(List.of(), Torch.ones(1), false));
    }

    @Test
    void parametrizationsAreTransferred() {
        Linear source = register(register(linear(), "weight", new Symmetric()), "bias", new Plus());
        Linear target = new Linear(3, 3);
        Parametrize.transferParametrizationsAndParams(source, target);
        RECORDED.keys("transferred keys", target);
        RECORDED.value("transferred weight", target.weight);
        assertSame(weight(source).original(), weight(target).original());
        Holder holder = new Holder();
        Parametrize.transferParametrizationsAndParams(source, holder, "weight");
        RECORDED.keys("transferred new keys", holder);
    }

    @Test
    void aCallComputesOnceAndACacheOnceForAllCalls() {
        class Twice extends Layer {
            Parameter weight = new Parameter(grid(3, 3));

            @Override
            protected Tensor forward(Tensor input) {
                return input.matmul(weight).matmul(weight);
            }
        }
        Symmetric symmetric = new Symmetric();
        Twice m = register(new Twice(), "weight", symmetric);
        int before = symmetric.calls;
        m.call(x);
        assertEquals(before + 1, symmetric.calls);
        try (var cache = Parametrize.cached()) {
            try (var inner = Parametrize.cached()) {
                m.call(x);
            }
            m.call(x);
            m.weight.sum();
            assertEquals(before + 2, symmetric.calls);
            try (GradMode mode = Autograd.noGrad()) {
                assertFalse(m.call(x).requiresGrad()); // The value that was computed with a graph must not be used.
            }
            assertEquals(before + 3, symmetric.calls);
        }
        m.call(x);
        assertEquals(before + 4, symmetric.calls);
    }

    @Test
    void aForwardMayChangeGradModeAndScope() {
        class Mixed extends Layer {
            Parameter weight = new Parameter(grid(3, 3));

            @Override
            protected Tensor forward(Tensor input) {
                try (GradMode mode = Autograd.noGrad();
                        TensorScope scope = new TensorScope()) {
                    input.matmul(weight);
                }
                try (TensorScope scope = new TensorScope()) {
                    input.matmul(weight);
                }
                return input.matmul(weight);
            }
        }
        Mixed m = register(new Mixed(), "weight", new Symmetric());
        try (TensorScope scope = new TensorScope()) {
            m.call(x).sum().backward();
        }
        assertEquals(3, weight(m).original().grad().size(0));
    }

    @Test
    void anAssignedFieldIsAnError() {
        Linear m = register(linear(), "weight", new Symmetric());
        Parameter derived = m.weight;
        m.weight = new Parameter(grid(3, 3));
        assertThrows(IllegalStateException.class, () -> m.call(x));
        assertThrows(IllegalStateException.class, m::stateDict);
        m.weight = derived;
        assertEquals(2, m.parameters().size());
    }

    @Test
    void aDeepCopyComputesFromItsOwn() {
        Linear m = register(linear(), "weight", new Symmetric());
        Linear copy = Module.deepCopy(m);
        weight(m).rightInverse(Torch.zeros(3, 3));
        RECORDED.value("symmetric weight", copy.weight);
        RECORDED.value("symmetric y", copy.call(x));
        assertEquals(0, m.weight.abs().sum().item());
        assertSame(m.weight, m.getParameter("weight"));
        assertSame(weight(m).original(), m.getParameter("parametrizations.weight.original"));
    }

    @Test
    void conversionsAndStateDictsReachTheOriginal() {
        Linear m = register(linear(), "weight", new Symmetric());
        m.toDouble();
        assertEquals(DType.FLOAT64, m.weight.dtype());
        Linear other = register(new Linear(3, 3), "weight", new Symmetric());
        other.loadStateDict(m.stateDict());
        assertEquals(0, other.weight.to(DType.FLOAT64).sub(m.weight).abs().max().item());
        m.requiresGrad_(false);
        assertFalse(m.weight.requiresGrad());
        assertNull(weight(m).original().grad());
    }

    @Test
    void threadsEachComputeTheirOwn() throws Exception {
        Linear m = register(register(linear(), "weight", new Symmetric()), "bias", new Plus());
        m.eval();
        String expected = Recording.bits(m.infer(x));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean graph = i % 2 == 0;
                results.add(threads.submit(() -> {
                    boolean same = true;
                    for (int call = 0; call < 100; call++) {
                        Tensor y = graph ? m.call(x) : m.infer(x);
                        same &= Recording.bits(y).equals(expected) && y.requiresGrad() == graph;
                    }
                    return same;
                }));
            }
            for (Future<Boolean> result : results) {
                assertTrue(result.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
