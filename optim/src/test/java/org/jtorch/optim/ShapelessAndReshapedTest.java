package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.linear.LazyLinear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters that have no shape yet, and parameters that have another shape than their state. */
class ShapelessAndReshapedTest {

    // --- no shape yet ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"Adagrad", "Muon"})
    void aParameterWithoutAShapeIsRefusedIfTheShapeIsNeeded(String name) {
        LazyLinear model = new LazyLinear(3, o -> o.bias(false));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> RecordedRuns.create(name, o -> {}, List.of(Params.of(model.parameters()))));
        assertEquals(
                "parameter 0 of group 0 has no shape yet, which " + name
                        + " needs: call the model once with an input before creating the optimizer",
                e.getMessage());
        model.call(Torch.ones(2, 4));
        Optimizer<?> optimizer = RecordedRuns.create(name, o -> {}, List.of(Params.of(model.parameters())));
        model.call(Torch.ones(2, 4)).sum().backward();
        optimizer.step();
        assertEquals(
                1, ((Map<?, ?>) Objects.requireNonNull(optimizer.stateDict().get("state"))).size());
    }

    /** As in PyTorch: their state is made at the first step. */
    @ParameterizedTest
    @ValueSource(strings = {"SGD", "Adam", "Adafactor"})
    void otherOptimizersTakeIt(String name) {
        LazyLinear model = new LazyLinear(3);
        Optimizer<?> optimizer = RecordedRuns.create(name, o -> {}, List.of(Params.of(model.parameters())));
        optimizer.loadStateDict(optimizer.stateDict());
        model.call(Torch.ones(2, 4)).sum().backward();
        optimizer.step();
        Optimizer<?> second = RecordedRuns.create(name, o -> {}, List.of(Params.of(new LazyLinear(3).parameters())));
        if (!name.equals("SGD")) { // which keeps nothing
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> second.loadStateDict(optimizer.stateDict()));
            assertEquals(
                    "parameter 0 of group 0 has no shape yet, which its state needs: call the model once with an input"
                            + " before loading the state",
                    e.getMessage());
        }
        assertEquals(
                name.equals("SGD"), optimizer.state(model.parameters().get(0)).isEmpty());
    }

    // --- another shape than the state ----------------------------------------------------------------------------

    static List<List<Tensor>> replaced() {
        return List.of(
                List.of(Torch.ones(2, 3), Torch.ones(3, 2)),
                List.of(Torch.ones(2, 3), Torch.ones(2, 3, 4)),
                List.of(Torch.ones(2, 3), Torch.ones(3)),
                List.of(Torch.ones(3), Torch.ones(3, 1)),
                List.of(Torch.ones(2, 3), Torch.ones(2, 3).to(DType.FLOAT64)));
    }

    @ParameterizedTest
    @MethodSource("replaced")
    void adafactorChecksItsWholeState(List<Tensor> data) {
        Parameter first = new Parameter(Torch.ones(2));
        Parameter second = new Parameter(data.get(0));
        Adafactor optimizer = new Adafactor(List.of(first, second));
        first.setGrad(Torch.ones(2));
        second.setGrad(data.get(0).clone());
        optimizer.step();
        second.setGrad(null);
        second.setData(data.get(1));
        second.setGrad(data.get(1).clone());
        refuseStep(optimizer, first, second, () -> optimizer.step());
    }

    @Test
    void lbfgsChecksItsHistory() {
        Parameter first = new Parameter(Torch.ones(2));
        Parameter second = new Parameter(Torch.ones(3));
        LBFGS optimizer = new LBFGS(List.of(first, second), o -> o.lr(0.1).maxIter(2));
        Runnable step = () -> optimizer.step(() -> {
            optimizer.zeroGrad();
            Tensor loss = first.pow(4).sum().add(second.pow(4).sum());
            loss.backward();
            return loss;
        });
        step.run();
        second.setGrad(null);
        second.setData(Torch.ones(4));
        refuseStep(optimizer, first, second, step);
    }

    private static void refuseStep(Optimizer<?> optimizer, Parameter first, Parameter second, Runnable step) {
        double[] before = first.toDoubleArray();
        double[] other = second.toDoubleArray();
        String state = state(optimizer);
        IllegalStateException e = assertThrows(IllegalStateException.class, step::run);
        assertTrue(e.getMessage().contains("after a step"), e.getMessage());
        assertArrayEquals(before, first.toDoubleArray());
        assertArrayEquals(other, second.toDoubleArray());
        assertEquals(state, state(optimizer));
    }

    /** Returns the state without the number of evaluations, which LBFGS counts even if it refuses a step. */
    private static String state(Optimizer<?> optimizer) {
        return String.valueOf(optimizer.stateDict()).replaceAll("func_evals=\\d+", "");
    }
}
