package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.linear.Identity;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** Sequential: its list, and what it frees. */
class SequentialTest {

    /** A layer as any, which the test watches. */
    private static final class Watched extends Layer {
        private final List<Tensor> inputs;

        Watched(List<Tensor> inputs) {
            this.inputs = inputs;
        }

        @Override
        protected Tensor forward(Tensor x) {
            inputs.add(x);
            return x.add(1);
        }
    }

    /** A module that keeps what it gave. */
    private static final class Keeper extends Module<Tensor, Tensor> {
        Tensor kept = Torch.zeros(1);

        @Override
        protected Tensor forward(Tensor x) {
            kept = x.mul(2);
            return kept;
        }
    }

    @Test
    void intermediatesAreFreedAndNothingElse() {
        List<Tensor> inputs = new ArrayList<>();
        Sequential m = new Sequential(
                new Watched(inputs), new Watched(inputs), new Identity(), new Sequential(new Watched(inputs)));
        Tensor x = Torch.zeros(2);
        Tensor y = m.call(x);
        assertSame(x, inputs.get(0));
        assertFalse(x.isClosed(), "the caller's input");
        assertTrue(inputs.get(1).isClosed());
        assertTrue(inputs.get(2).isClosed());
        assertEquals(6.0, y.sum().item());
    }

    @Test
    void whatAModuleKeepsStays() {
        Keeper keeper = new Keeper();
        List<Tensor> inputs = new ArrayList<>();
        Sequential m = new Sequential(new Watched(inputs), keeper, new Watched(inputs), new Watched(inputs));
        assertEquals(8.0, m.call(Torch.ones(2)).sum().item() - 4.0);
        assertFalse(keeper.kept.isClosed());
        assertEquals(8.0, keeper.kept.sum().item());
        assertSame(keeper.kept, inputs.get(1));
        assertTrue(inputs.get(2).isClosed());
    }

    @Test
    void whatAKeepingModuleWithinASequentialKeepsStays() {
        Keeper keeper = new Keeper();
        Sequential m = new Sequential(new Linear(1, 1), new Sequential(new ReLU(), keeper), new ReLU());
        m.call(Torch.ones(1, 1));
        assertFalse(keeper.kept.isClosed());
    }

    @Test
    void layersThatGiveTheirInputBackOrAViewOfItAreSafe() {
        Sequential m = new Sequential(
                new ReLU(o -> o.inplace(true)), new Identity(), new Flatten(), new Dropout(o -> o.inplace(true)));
        m.eval();
        Tensor x = Torch.ones(2, 2, 2);
        Tensor y = m.call(x);
        assertEquals(8.0, x.sum().item());
        assertEquals(8.0, y.sum().item());
        assertSame(x, new Sequential(new Identity(), new ReLU(o -> o.inplace(true))).call(x));
        assertEquals(8.0, x.sum().item());
    }

    @Test
    void theBackwardHasAllItNeeds() {
        Torch.manualSeed(0);
        Sequential m = new Sequential(new Linear(3, 4), new ReLU(), new Dropout(0.1), new Linear(4, 1));
        try (TensorScope scope = new TensorScope()) {
            m.call(Torch.ones(8, 3)).sum().backward();
        }
        assertTrue(m.parameters().stream().allMatch(p -> p.grad() != null));
    }

    @Test
    void anEmptyOneGivesItsInput() {
        Tensor x = Torch.ones(1);
        assertSame(x, new Sequential().call(x));
    }

    @Test
    void positionsAndNames() {
        Linear last = new Linear(2, 1);
        Sequential m = new Sequential(new Linear(1, 2), new ReLU()).append(last);
        assertEquals(3, m.size());
        assertSame(last, m.get(2));
        assertSame(last, m.get(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> m.get(3));
        m.registerModule("act", new ReLU());
        assertEquals(
                List.of("0", "1", "2", "act"),
                m.namedChildren().stream().map(Named::name).toList());
        assertSame(last, m.add("act", last).get("act"), "replaced in its place");
        assertEquals(4, m.size());
        assertThrows(IllegalArgumentException.class, () -> m.add("a.b", new ReLU()));
        assertThrows(IllegalArgumentException.class, () -> m.registerModule("none", null));
        assertEquals(
                "a",
                new Sequential(Map.of("a", new ReLU())).namedChildren().get(0).name());
    }

    @Test
    void namesAreNotLostSilently() {
        Sequential part = new Sequential(new ReLU(), new ReLU(), new ReLU()).slice(1, 3);
        assertEquals(
                "the module to append would be '2', which stands already in [1, 2]: add it under a name of its own",
                assertThrows(IllegalArgumentException.class, () -> part.append(new ReLU()))
                        .getMessage());
        assertEquals(2, part.size());
        assertThrows(IllegalArgumentException.class, () -> part.extend(part));
        assertTrue(assertThrows(IllegalStateException.class, () -> part.insert(0, new ReLU()))
                .getMessage()
                .contains("these have names: [1, 2]"));
        assertThrows(NoSuchElementException.class, () -> part.get("0"));
        assertThrows(NullPointerException.class, () -> part.set(0, null));
        assertThrows(IllegalArgumentException.class, () -> part.slice(null, null, 0));
        int count = 0;
        for (Module<Tensor, Tensor> step : part) {
            assertSame(part.get(count++), step);
        }
        assertEquals(2, count);
    }
}
