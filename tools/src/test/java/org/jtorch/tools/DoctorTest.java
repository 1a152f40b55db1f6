package org.jtorch.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Generator;
import org.jtorch.OpRecorder;
import org.jtorch.RemovableHandle;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.GlobalHooks;
import org.jtorch.nn.Layer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.Unregistered;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.Sigmoid;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.LazyLinear;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.SGD;
import org.junit.jupiter.api.Test;

/** For each trap, a model that has it and one that does not. */
class DoctorTest {

    /** A layer with the given forward. */
    private static final class Lambda extends Layer {
        @Unregistered
        private final Function<Tensor, Tensor> function;

        Lambda(Function<Tensor, Tensor> function) {
            this.function = function;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return function.apply(x);
        }
    }

    private static Sequential healthy() {
        return new Sequential(new Linear(4, 8), new BatchNorm1d(8), new ReLU(), new Dropout(0.5), new Linear(8, 3));
    }

    private static Tensor batch() {
        return Torch.linspace(-1, 1, 24).reshape(6, 4);
    }

    private static List<String> paths(Diagnosis diagnosis, Trap trap) {
        return diagnosis.of(trap).stream().map(Finding::path).toList();
    }

    /** Checks that {@code diagnosis} has exactly one finding, for this trap and path. */
    private static void assertOnly(Trap trap, String path, Diagnosis diagnosis) {
        assertEquals(List.of(path), paths(diagnosis, trap), diagnosis::toString);
        assertEquals(1, diagnosis.findings().size(), diagnosis::toString);
    }

    @Test
    void aHealthyModelHasNoFindingsInTrainingAndTrainedInEvalMode() {
        Sequential model = healthy();
        Diagnosis diagnosis = Doctor.check(model, batch(), o -> o.optimizer(new SGD(model.parameters())));
        assertTrue(diagnosis.isHealthy(), diagnosis::toString);
        assertEquals("nothing found", diagnosis.toString());
        model.call(batch());
        assertTrue(Doctor.check(model.eval(), batch()).isHealthy());
    }

    // --- state -------------------------------------------------------------------------------------------------

    private static final class Stray extends Module<Tensor, Tensor> {
        Linear map = new Linear(4, 3);
        Tensor mask = Torch.ones(3);
        List<Tensor> parts = List.of(Torch.ones(2));

        Buffer scale = new Buffer(Torch.ones(3));

        @Unregistered
        Tensor meant = Torch.ones(3);

        @Nullable
        Tensor absent;

        Tensor offset = Torch.zeros(3);

        Stray() {
            registerBuffer("offset_", offset); // That does not make the field a buffer.
        }

        @Override
        protected Tensor forward(Tensor x) {
            Tensor y = map.call(x)
                    .mul(mask)
                    .mul(scale)
                    .mul(meant)
                    .add(offset)
                    .add(parts.get(0).sum());
            return absent == null ? y : y.add(absent);
        }
    }

    @Test
    void tensorsThatAreNeitherParameterNorBuffer() {
        Diagnosis diagnosis = Doctor.check(new Sequential(new Stray()));
        assertEquals(List.of("0.mask", "0.offset", "0.parts"), paths(diagnosis, Trap.UNREGISTERED_TENSOR));
        assertEquals(3, diagnosis.findings().size(), diagnosis::toString);
        Finding finding = diagnosis.findings().get(0);
        assertTrue(finding.detail().contains("Stray holds a tensor [3]"), finding::detail);
        assertTrue(finding.remedy().contains("make it a Buffer"), finding::remedy);
        assertTrue(diagnosis.toString().startsWith("1. 0.mask: UNREGISTERED_TENSOR: "), diagnosis::toString);
    }

    @Test
    void parametersWithoutAShape() {
        Sequential model = new Sequential(new Linear(4, 8), new LazyLinear(3));
        SGD optimizer = new SGD(model.parameters());
        assertOnly(Trap.UNINITIALIZED, "1", Doctor.check(model, batch(), o -> o.optimizer(optimizer)));
        assertTrue(Doctor.check(model, batch(), o -> o.optimizer(optimizer)).isHealthy(), "the run gave them theirs");
    }

    @Test
    void mixedDtypes() {
        Sequential model = healthy();
        model.get(4).to(DType.FLOAT64);
        Diagnosis diagnosis = Doctor.check(model);
        assertOnly(Trap.MIXED_DTYPES, "4", diagnosis);
        assertTrue(diagnosis.findings().get(0).detail().contains("4.weight, 4.bias"), diagnosis::toString);

        Diagnosis run = Doctor.check(model, batch());
        assertEquals(List.of("4"), paths(run, Trap.FORWARD_FAILS), "and there the forward fails");
    }

    @Test
    void anInputOfAnotherDtype() {
        Diagnosis diagnosis = Doctor.check(healthy(), batch().to(DType.FLOAT64));
        assertEquals(List.of("(input)"), paths(diagnosis, Trap.MIXED_DTYPES));
    }

    @Test
    void mixedDevices() {
        Sequential model = healthy();
        model.get(0).to(Device.META);
        Diagnosis diagnosis = Doctor.check(model);
        assertOnly(Trap.MIXED_DEVICES, "0", diagnosis);
        assertTrue(
                diagnosis.findings().get(0).detail().startsWith("meta, where most of the model is cpu"),
                diagnosis::toString);
    }

    @Test
    void hooksLeftBehind() {
        Sequential model = healthy();
        RemovableHandle own = model.get(2).registerForwardHook((m, x, y) -> null);
        assertOnly(Trap.HOOKS_LEFT, "2", Doctor.check(model, batch()));
        own.close();
        RemovableHandle global = GlobalHooks.registerModuleForwardPreHook((m, x) -> null);
        try {
            assertOnly(Trap.HOOKS_LEFT, "", Doctor.check(model));
        } finally {
            global.close();
        }
        assertTrue(Doctor.check(model).isHealthy());
    }

    // --- modes -------------------------------------------------------------------------------------------------

    @Test
    void mixedTrainAndEval() {
        Sequential inner = healthy();
        Sequential model = new Sequential(inner, new Linear(3, 3));
        inner.call(batch());
        inner.eval();
        assertOnly(Trap.MIXED_MODES, "0", Doctor.check(model));
        inner.requiresGrad_(false);
        assertTrue(Doctor.check(model).isHealthy(), "frozen layers are meant to be in eval mode");
        model.eval();
        inner.get(4).train();
        assertOnly(Trap.MIXED_MODES, "0.4", Doctor.check(model));
    }

    @Test
    void statisticsThatNoBatchWentInto() {
        Sequential model = healthy();
        assertTrue(Doctor.check(model).isHealthy(), "training will update them");
        model.eval();
        assertOnly(Trap.STATISTICS_NEVER_UPDATED, "1", Doctor.check(model));
        BatchNorm1d norm = (BatchNorm1d) model.get(1);
        norm.runningMean.fill_(0.5); // As from a file without the number of batches.
        assertTrue(Doctor.check(model).isHealthy());
        model.train().call(batch());
        assertTrue(Doctor.check(model.eval()).isHealthy());
        Module<?, ?> untracked = new BatchNorm1d(8, o -> o.trackRunningStats(false)).eval();
        assertTrue(Doctor.check(untracked).isHealthy(), "there are none");
    }

    @Test
    void dropoutModulesThatStayInTraining() {
        Sequential model = new Sequential(new Linear(4, 3), new Dropout(0.3), new Dropout(0.0));
        model.eval();
        assertTrue(Doctor.check(model, batch()).isHealthy());
        model.get(1).train();
        Diagnosis diagnosis = Doctor.check(model, batch());
        assertEquals(List.of("1"), paths(diagnosis, Trap.ACTIVE_DROPOUT), diagnosis::toString);
        assertEquals(List.of("1"), paths(diagnosis, Trap.MIXED_MODES), diagnosis::toString);
    }

    @Test
    void dropoutThatDoesNotKnowOfEvalMode() {
        Sequential model = new Sequential(new Linear(4, 3), new Lambda(x -> F.dropout(x, 0.3)));
        assertOnly(Trap.ACTIVE_DROPOUT, "1", Doctor.check(model, batch()));
        assertOnly(Trap.ACTIVE_DROPOUT, "1", Doctor.check(model.eval(), batch()));
    }

    /** Two layers of an LSTM and an attention, called as ops. */
    private static Diagnosis checkOps(int layers, double dropout, boolean train) {
        List<Tensor> weights = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            weights.addAll(List.of(Torch.ones(16, 4), Torch.ones(16, 4)));
        }
        Tensor zeros = Torch.zeros(layers, 1, 4);
        return Doctor.check(
                new Sequential(
                        new Linear(4, 4),
                        new Lambda(x -> x.unsqueeze(1)
                                .lstm(List.of(zeros, zeros), weights, false, layers, dropout, train, false, false)
                                .get(0)),
                        new Lambda(
                                x -> x.scaledDotProductAttention(x, x, null, train ? dropout : 0, false, null, false))),
                batch());
    }

    @Test
    void dropoutInsideRecurrentNetworksAndAttention() {
        assertEquals(List.of("1", "2"), paths(checkOps(2, 0.5, true), Trap.ACTIVE_DROPOUT));
        assertEquals(List.of("2"), paths(checkOps(1, 0.5, true), Trap.ACTIVE_DROPOUT), "it drops between layers only");
        assertEquals(List.of(), paths(checkOps(2, 0.5, false), Trap.ACTIVE_DROPOUT));
        assertEquals(List.of(), paths(checkOps(2, 0, true), Trap.ACTIVE_DROPOUT));
    }

    // --- running -----------------------------------------------------------------------------------------------

    @Test
    void aForwardThatFailsIsAFindingAndNoException() {
        Diagnosis diagnosis = Doctor.check(new Sequential(new ReLU(), new Sequential(new Linear(5, 3))), batch());
        assertOnly(Trap.FORWARD_FAILS, "1.0", diagnosis);
        assertTrue(
                diagnosis.findings().get(0).detail().contains("mat1 and mat2 shapes cannot be multiplied"),
                diagnosis::toString);
        Diagnosis own = Doctor.check(
                new Lambda(x -> {
                    throw new IllegalStateException("no such thing");
                }),
                batch());
        assertOnly(Trap.FORWARD_FAILS, "", own);
    }

    @Test
    void aForwardThatFailsInEvalModeOnly() {
        class OnlyInTraining extends Layer {
            @Override
            protected Tensor forward(Tensor x) {
                return x.reshape(isTraining() ? new long[] {-1} : new long[] {5, 5});
            }
        }
        Module<Tensor, Tensor> model = new Sequential(new Linear(4, 4), new OnlyInTraining());
        assertOnly(Trap.FORWARD_FAILS, "1", Doctor.check(model, batch()));
        assertTrue(model.isTraining());
    }

    @Test
    void theFirstModuleWithAnOutputThatIsNotFinite() {
        Sequential model = new Sequential(
                new Linear(4, 4),
                new Sequential(new ReLU(), new Lambda(x -> x.neg().sub(1).log())),
                new Linear(4, 3));
        Diagnosis diagnosis = Doctor.check(model, batch());
        assertEquals(List.of("1.1"), paths(diagnosis, Trap.NON_FINITE_OUTPUT), diagnosis::toString);
        assertEquals(List.of("2"), paths(diagnosis, Trap.NAN_GRADIENT), diagnosis::toString);
        Diagnosis input = Doctor.check(healthy(), batch().div(0));
        assertEquals(List.of("(input)"), paths(input, Trap.NON_FINITE_OUTPUT), input::toString);
    }

    // --- gradients ---------------------------------------------------------------------------------------------

    private static final class Detached extends Module<Tensor, Tensor> {
        Sequential frontend = new Sequential(new Linear(4, 4), new Linear(4, 4));
        Linear head = new Linear(4, 3);
        Parameter unused = new Parameter(Torch.ones(2));

        @Override
        protected Tensor forward(Tensor x) {
            return head.call(frontend.call(x).detach());
        }
    }

    @Test
    void parametersWithoutGradient() {
        Detached model = new Detached();
        Diagnosis diagnosis = Doctor.check(model, batch());
        assertEquals(List.of("unused", "frontend"), paths(diagnosis, Trap.NO_GRADIENT), diagnosis::toString);
        assertEquals(2, diagnosis.findings().size());
        model.unused.requiresGrad_(false);
        model.frontend.requiresGrad_(false);
        assertTrue(Doctor.check(model, batch()).isHealthy(), "frozen parameters need none");
    }

    @Test
    void aModelWithoutAnyGradient() {
        assertOnly(
                Trap.NO_GRADIENT,
                "",
                Doctor.check(new Sequential(new Linear(4, 3), new Lambda(Tensor::detach)), batch()));
    }

    @Test
    void aSoftmaxAtTheEndDoesNotHideTheGradient() {
        Diagnosis diagnosis = Doctor.check(new Sequential(new Linear(4, 3), new Lambda(x -> x.softmax(1))), batch());
        assertTrue(diagnosis.isHealthy(), diagnosis::toString);
    }

    @Test
    void infiniteAndNanGradientsOfFiniteValues() {
        // The derivative of a root is infinite at 0; multiplied by a derivative of 0, it is NaN.
        Linear zero = new Linear(4, 3, o -> o.bias(false));
        zero.weight.data().zero_();
        Diagnosis infinite = Doctor.check(new Sequential(zero, new Lambda(Tensor::sqrt)), Torch.ones(1, 4));
        assertOnly(Trap.INFINITE_GRADIENT, "0", infinite);
        Diagnosis nan =
                Doctor.check(new Sequential(zero, new Lambda(x -> x.square().sqrt())), Torch.ones(1, 4));
        assertOnly(Trap.NAN_GRADIENT, "0", nan);
    }

    @Test
    void vanishingAndExplodingGradients() {
        Sequential deep = new Sequential();
        for (int i = 0; i < 24; i++) {
            deep.append(new Linear(4, 4)).append(new Sigmoid());
        }
        Diagnosis diagnosis = Doctor.check(deep, batch());
        List<String> vanishing = paths(diagnosis, Trap.VANISHING_GRADIENT);
        assertTrue(vanishing.contains("0") && !vanishing.contains("46"), diagnosis::toString);
        assertEquals(vanishing.size(), diagnosis.findings().size(), diagnosis::toString);
        Diagnosis large = Doctor.check(new Sequential(new Linear(4, 3), new Lambda(x -> x.mul(1e6))), batch());
        assertOnly(Trap.EXPLODING_GRADIENT, "0", large);
    }

    @Test
    void theLossMayBeGiven() {
        List<Tensor> seen = new ArrayList<>();
        Diagnosis diagnosis = Doctor.check(
                new Sequential(new Linear(4, 3)),
                batch(),
                o -> o.loss(y -> {
                    seen.add(y);
                    return y.mul(0).sum();
                }));
        assertEquals(1, seen.size());
        assertOnly(Trap.VANISHING_GRADIENT, "0", diagnosis);
    }

    @Test
    void aBackwardThatFailsIsAFinding() {
        Sequential model = new Sequential(new Linear(4, 3), new Sigmoid(), new Lambda(x -> x.mul_(2)));
        assertOnly(Trap.BACKWARD_FAILS, "", Doctor.check(model, batch()));
    }

    // --- optimizer ---------------------------------------------------------------------------------------------

    @Test
    void oneParameterTwiceInAnOptimizer() {
        Linear model = new Linear(4, 3);
        List<Tensor> twice = new ArrayList<>(model.parameters());
        twice.add(new Parameter(model.weight)); // Another object over the same memory.
        Diagnosis diagnosis = Doctor.check(model, batch(), o -> o.optimizer(new SGD(twice)));
        assertOnly(Trap.DUPLICATE_IN_OPTIMIZER, "weight", diagnosis);
    }

    @Test
    void anOptimizerOfWhatTheModelNoLongerHas() {
        Detached model = new Detached();
        AdamW optimizer = new AdamW(model.head.parameters());
        model.frontend.requiresGrad_(false);
        model.unused.requiresGrad_(false);
        assertTrue(Doctor.check(model, batch(), o -> o.optimizer(optimizer)).isHealthy());
        model.head = new Linear(4, 3);
        Diagnosis diagnosis = Doctor.check(model, batch(), o -> o.optimizer(optimizer));
        assertEquals(2, diagnosis.of(Trap.FOREIGN_IN_OPTIMIZER).size(), diagnosis::toString);
        assertEquals(List.of("head"), paths(diagnosis, Trap.MISSING_FROM_OPTIMIZER), diagnosis::toString);
    }

    // --- afterwards --------------------------------------------------------------------------------------------

    /** A layer that two modules share, in another mode than both. */
    private static final class Sharing extends Module<Tensor, Tensor> {
        Sequential model = healthy();
        Sequential a = new Sequential(model.get(3), new Dropout(0.5));
        Sequential b = new Sequential(model.get(3), new ReLU());

        @Override
        protected Tensor forward(Tensor x) {
            return b.call(a.call(model.call(x)));
        }
    }

    @Test
    void theModelIsAsItWas() {
        Sharing sharing = new Sharing();
        sharing.b.eval();
        BatchNorm1d norm = (BatchNorm1d) sharing.model.get(1);
        Linear first = (Linear) sharing.model.get(0);
        Linear last = (Linear) sharing.model.get(4);
        first.weight.setGrad(Torch.ones(8, 4));
        List<Boolean> modes = sharing.modules().stream().map(Module::isTraining).toList();
        Tensor random = Generator.defaultGenerator().getState().clone();
        Tensor input = batch().requiresGrad_();

        for (Tensor x : new Tensor[] {input, Torch.ones(6, 9)}) {
            Doctor.check(sharing, x);
            assertEquals(0, norm.numBatchesTracked.itemLong());
            assertArrayEquals(new float[8], norm.runningMean.toFloatArray());
            assertNotNull(first.weight.grad());
            assertEquals(32.0, first.weight.grad().sum().item());
            assertNull(last.weight.grad());
            assertNull(input.grad());
            assertEquals(
                    modes, sharing.modules().stream().map(Module::isTraining).toList());
            assertTrue(random.equal(Generator.defaultGenerator().getState()));
            sharing.modules().forEach(m -> assertFalse(m.hasHooks()));
            assertFalse(OpRecorder.isActive());
        }
    }
}
