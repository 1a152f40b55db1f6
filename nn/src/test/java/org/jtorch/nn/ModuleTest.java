package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.junit.jupiter.api.Test;

/** Traversal, modes, gradients, and the messages of failing calls. */
class ModuleTest {

    /** Two linear maps with the same weight, of which one is used twice. */
    private static final class Tied extends Module<Tensor, Tensor> {
        Linear a = new Linear(3, 3);
        Linear b = new Linear(3, 3);
        Linear again = a;
        Dropout drop = new Dropout();

        Tied() {
            b.weight = a.weight;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return drop.call(again.call(b.call(a.call(x))));
        }
    }

    private static List<String> names(List<? extends Named<?>> named) {
        return named.stream().map(Named::name).toList();
    }

    @Test
    void sharedPartsAreVisitedOnceButKeepAllTheirKeys() {
        Tied m = new Tied();
        assertEquals(List.of("", "a", "b", "drop"), names(m.namedModules()));
        assertEquals(4, m.modules().size());
        assertEquals(List.of(m.a, m.b, m.drop), m.children());
        assertEquals(List.of("a.weight", "a.bias", "b.bias"), names(m.namedParameters()));
        assertEquals(
                List.of("a.weight", "a.bias", "b.weight", "b.bias", "again.weight", "again.bias"),
                List.copyOf(m.stateDict().keySet()));
    }

    @Test
    void applyVisitsChildrenFirst() {
        List<String> seen = new ArrayList<>();
        Sequential m = new Sequential(new Sequential(new ReLU()), new Linear(1, 1));
        assertSame(m, m.apply(x -> seen.add(x.className())));
        assertEquals(List.of("ReLU", "Sequential", "Linear", "Sequential"), seen);
    }

    @Test
    void anonymousAndNestedClassesHaveAName() {
        assertEquals("Tied", new Tied().className());
        assertEquals("Linear", new Linear(1, 1) {}.className());
    }

    // --- modes -------------------------------------------------------------------------------------------------

    @Test
    void trainAndEvalReachAll() {
        Tied m = new Tied();
        assertTrue(m.isTraining() && m.drop.isTraining());
        assertSame(m, m.eval());
        assertFalse(m.isTraining() || m.a.isTraining() || m.drop.isTraining());
        m.train();
        assertTrue(m.isTraining() && m.a.isTraining() && m.drop.isTraining());
    }

    @Test
    void inferRunsInEvalModeAndRestoresEachModulesOwn() {
        Tied m = new Tied();
        m.a.eval();
        Tensor x = Torch.ones(2, 3);
        Tensor y = m.infer(x);
        assertTrue(m.isTraining() && m.b.isTraining() && m.drop.isTraining());
        assertFalse(m.a.isTraining());
        assertFalse(y.requiresGrad());
        assertFalse(Autograd.isInferenceModeEnabled());
        m.eval();
        assertTrue(y.equal(m.call(x)), "dropout was off");
    }

    @Test
    void inferRestoresAfterAFailure() {
        Tied m = new Tied();
        assertThrows(TorchException.class, () -> m.infer(Torch.ones(2, 5)));
        assertTrue(m.isTraining() && m.drop.isTraining());
        assertFalse(Autograd.isInferenceModeEnabled());
    }

    @Test
    void whatInferGivesBelongsToTheScopeAround() {
        Linear m = new Linear(2, 2);
        Tensor loose = m.infer(Torch.ones(1, 2));
        Tensor scoped;
        try (TensorScope scope = new TensorScope()) {
            scoped = m.infer(Torch.ones(1, 2));
            assertFalse(scoped.isClosed());
        }
        assertTrue(scoped.isClosed());
        assertFalse(loose.isClosed());
    }

    @Test
    void layersMadeWithinAScopeOutliveIt() {
        Sequential m;
        try (TensorScope scope = new TensorScope()) {
            m = new Sequential(new Linear(2, 2), new BatchNorm1d(2));
        }
        assertArrayEquals(new long[] {4, 2}, m.call(Torch.rand(4, 2)).shape());
    }

    // --- gradients ---------------------------------------------------------------------------------------------

    @Test
    void zeroGradRemovesOrClears() {
        Linear m = new Linear(2, 1);
        m.call(Torch.ones(1, 2)).sum().backward();
        m.zeroGrad(false);
        Tensor grad = m.weight.grad();
        assertNotNull(grad);
        assertEquals(0.0, grad.abs().sum().item());
        m.call(Torch.ones(1, 2)).sum().backward();
        assertEquals(2.0, m.weight.grad().sum().item());
        m.zeroGrad();
        assertNull(m.weight.grad());
        assertNull(m.bias.grad());
    }

    @Test
    void requiresGradReachesAll() {
        Tied m = new Tied();
        assertSame(m, m.requiresGrad_(false));
        assertTrue(m.parameters().stream().noneMatch(Tensor::requiresGrad));
        assertFalse(m.call(Torch.ones(1, 3)).requiresGrad());
        m.requiresGrad_(true);
        assertTrue(m.parameters().stream().allMatch(Tensor::requiresGrad));
    }

    // --- failures ----------------------------------------------------------------------------------------------

    private static final class Encoder extends Module<Tensor, Tensor> {
        Sequential encoder = new Sequential(new Linear(12, 8), new ReLU());
        Linear head = new Linear(9, 2);

        @Override
        protected Tensor forward(Tensor x) {
            return head.call(encoder.call(x));
        }
    }

    @Test
    void aFailureNamesTheModulesPath() {
        ModuleCallException e = assertThrows(ModuleCallException.class, () -> new Encoder().call(Torch.zeros(4, 7)));
        assertEquals("encoder.0", e.modulePath());
        assertEquals("in encoder.0 (Linear): mat1 and mat2 shapes cannot be multiplied (4x7 and 12x8)", e.getMessage());
        e = assertThrows(ModuleCallException.class, () -> new Encoder().call(Torch.zeros(4, 12)));
        assertEquals("head", e.modulePath());
        e = assertThrows(ModuleCallException.class, () -> new Linear(2, 2).call(Torch.zeros(4, 7)));
        assertEquals("", e.modulePath());
        assertTrue(e.getMessage().startsWith("in Linear: mat1 and mat2"), e.getMessage());
    }

    @Test
    void aLayersOwnCheckNamesTheModulesPathToo() {
        Sequential m = new Sequential(new Linear(2, 3), new BatchNorm1d(3));
        ModuleCallException e = assertThrows(ModuleCallException.class, () -> m.call(Torch.zeros(1, 2)));
        assertEquals(
                "in 1 (BatchNorm1d): Expected more than 1 value per channel when training, got input size"
                        + " torch.Size([1, 3])",
                e.getMessage());
    }
}
