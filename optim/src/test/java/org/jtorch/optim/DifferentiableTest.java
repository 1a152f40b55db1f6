package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.optim.options.OptimizerOptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Gradients flow through two steps as in PyTorch; {@code parity/record/optimizers_differentiable.py} recorded it. */
class DifferentiableTest {

    @TestFactory
    List<DynamicTest> gradientsFlowThroughTwoSteps() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = DifferentiableTest.class.getResourceAsStream("differentiable.json")) {
            for (JsonNode run :
                    new ObjectMapper().readTree(Objects.requireNonNull(in)).get("cases")) {
                String name = run.get("optimizer").asText() + run.get("options");
                tests.add(DynamicTest.dynamicTest(name, () -> replay(run)));
            }
        }
        assertEquals(16, tests.size());
        return tests;
    }

    private static void replay(JsonNode run) {
        try (TensorScope scope = new TensorScope()) {
            Tensor start = Torch.tensor(new double[] {1, -2, 0.5}).requiresGrad_();
            List<Tensor> gradients = List.of(
                    Torch.tensor(new double[] {0.3, 0.7, -1.1}).requiresGrad_(),
                    Torch.tensor(new double[] {0.9, -0.4, -0.2}).requiresGrad_());
            Tensor p = start.clone();
            Consumer<OptimizerOptions<?>> recorded = RecordedRuns.options(run.get("options"));
            Optimizer<?> optimizer = RecordedRuns.create(
                    run.get("optimizer").asText(),
                    options -> {
                        recorded.accept(options);
                        options.set("differentiable", true);
                    },
                    List.of(Params.of(List.of(p))));
            for (Tensor gradient : gradients) {
                p.setGrad(gradient.clone());
                optimizer.step();
            }
            Tensor loss = p.mul(Torch.tensor(new double[] {1, 2, 3})).square().sum();
            loss.backward();
            // Adam and its relatives compute the factors of differentiable steps in float32 in PyTorch, and in double
            // here
            double tolerance = run.get("optimizer").asText().matches("N?AdamW?") ? 5e-4 : 1e-10;
            assertEquals(run.get("loss").doubleValue(), loss.item(), tolerance);
            assertGradient(run.get("start"), start, tolerance);
            for (int i = 0; i < 2; i++) {
                assertGradient(run.get("gradients").get(i), gradients.get(i), tolerance);
            }
        }
    }

    private static void assertGradient(JsonNode expected, Tensor leaf, double tolerance) {
        Tensor grad = leaf.grad();
        double[] actual = grad == null ? new double[3] : grad.toDoubleArray();
        assertArrayEquals(RecordedRuns.doubles(expected), actual, tolerance);
    }
}
