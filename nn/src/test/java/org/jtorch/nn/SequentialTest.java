package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.flatten.Unflatten;
import org.jtorch.nn.linear.Identity;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** Sequential: its list and its call. */
class SequentialTest {

    /** A linear layer that keeps its output. */
    private static final class PeekLinear extends Linear {
        private @Nullable Tensor seen;

        PeekLinear() {
            super(2, 2);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return seen = super.forward(x);
        }
    }

    /** An activation that keeps its input and output. */
    private static final class PeekReLU extends ReLU {
        private @Nullable Tensor given;
        private @Nullable Tensor seen;

        @Override
        protected Tensor forward(Tensor x) {
            given = x;
            return seen = super.forward(x);
        }
    }

    /** A convolution that keeps its output. */
    private static final class PeekConv extends Conv2d {
        private @Nullable Tensor seen;

        PeekConv() {
            super(1, 1, 1);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return seen = super.forward(x);
        }
    }

    /** A container that keeps its output. */
    private static final class PeekSequential extends Sequential {
        private @Nullable Tensor seen;

        PeekSequential() {
            super(new ReLU());
        }

        @Override
        protected Tensor forward(Tensor x) {
            return seen = super.forward(x);
        }
    }

    private static double sum(@Nullable Tensor tensor) {
        assertNotNull(tensor);
        return tensor.sum().item();
    }

    /** A module may keep what it computed, whatever class it extends. */
    @Test
    void whatASubclassKeepsStaysReadable() {
        PeekLinear linear = new PeekLinear();
        PeekReLU relu = new PeekReLU();
        PeekConv conv = new PeekConv();
        PeekSequential sequential = new PeekSequential();
        try (GradMode mode = Autograd.noGrad()) {
            linear.weight.fill_(1);
            linear.bias.fill_(1);
            conv.weight.fill_(2);
            conv.bias.fill_(0);
        }
        Sequential m = new Sequential(
                linear,
                new ReLU(),
                relu,
                new Unflatten(0, 1, 1),
                conv,
                new ReLU(),
                sequential,
                new Flatten(o -> o.startDim(0)));
        for (boolean recorded : new boolean[] {true, false}) {
            try (GradMode mode = recorded ? Autograd.enableGrad() : Autograd.noGrad()) {
                assertEquals(12.0, m.call(Torch.ones(1, 2)).sum().item());
                assertEquals(6.0, sum(linear.seen));
                assertEquals(6.0, sum(relu.given));
                assertEquals(6.0, sum(relu.seen));
                assertEquals(12.0, sum(conv.seen));
                assertEquals(12.0, sum(sequential.seen));
            }
        }
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
                "the module to append would be '2', which is already in [1, 2]: add it under a name of its own",
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
