package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** L-BFGS makes the steps of PyTorch's; {@code parity/record/lbfgs.py} recorded it. */
class LBFGSTest {

    @TestFactory
    List<DynamicTest> twentyStepsAreAsInPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode run : RecordedRuns.read("lbfgs.json.gz").get("cases")) {
            tests.add(DynamicTest.dynamicTest(RecordedRuns.title(run), () -> replay(run)));
        }
        assertEquals(35, tests.size());
        return tests;
    }

    /**
     * Along a function without a minimum the cubic is degenerate. The recorded searches are those that do not depend on the order in
     * which numbers are added, which is not the same on all CPUs.
     */
    @TestFactory
    List<DynamicTest> degenerateSearchesAreAsInPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode run : RecordedRuns.read("lbfgs.json.gz").get("degenerate")) {
            String title =
                    run.get("function").asText() + " in " + run.get("dtype").asText() + " " + run.get("options");
            tests.add(DynamicTest.dynamicTest(title, () -> search(run)));
        }
        assertEquals(43, tests.size());
        return tests;
    }

    private static void search(JsonNode run) {
        try (TensorScope scope = new TensorScope()) {
            DType dtype = DType.of(run.get("dtype").asText());
            Parameter w = new Parameter(Torch.arange(1, 4, 1, TensorOptions.of(dtype)));
            Optimizer<?> optimizer = RecordedRuns.create(
                    "LBFGS", RecordedRuns.options(run.get("options")), List.of(Params.of(List.of(w))));
            for (JsonNode expected : run.get("losses")) {
                Tensor loss = Objects.requireNonNull(optimizer.step(() -> {
                    optimizer.zeroGrad();
                    Tensor l = endless(run.get("function").asText(), w);
                    l.backward();
                    return l;
                }));
                assertClose(expected.doubleValue(), loss.item());
            }
            double[] parameters = RecordedRuns.doubles(run.get("parameters"));
            double[] elements = RecordedRuns.elements(w);
            assertEquals(parameters.length, elements.length);
            for (int i = 0; i < elements.length; i++) {
                assertClose(parameters[i], elements[i]);
            }
            State state = optimizer.state(w);
            assertArrayEquals(
                    RecordedRuns.longs(run.get("counts")),
                    new long[] {state.integer("n_iter"), state.integer("func_evals")});
        }
    }

    private static void assertClose(double expected, double actual) {
        double tolerance = Double.isFinite(expected) ? 1e-6 * Math.max(1e-6, Math.abs(expected)) : 1e-6;
        assertEquals(expected, actual, tolerance);
    }

    private static Tensor endless(String function, Tensor w) {
        return switch (function) {
            case "sum" -> w.sum();
            case "fall" -> w.mul(w).sum().neg();
            default -> w.mul(w).sum().sub(w.mul(w).mul(w).mul(w).sum());
        };
    }

    private static void replay(JsonNode run) {
        boolean doubles = run.get("dtype").asText().matches("float64|complex128");
        double tolerance = doubles ? 1e-9 : 1e-5;
        try (TensorScope scope = new TensorScope()) {
            List<Parameter> p = RecordedRuns.parameters(run);
            Optimizer<?> optimizer =
                    RecordedRuns.create("LBFGS", RecordedRuns.options(run.get("options")), List.of(Params.of(p)));
            for (int step = 0; step < 20; step++) {
                Tensor loss = Objects.requireNonNull(optimizer.step(() -> loss(run, optimizer, p)));
                double expected = run.get("losses").get(step).doubleValue();
                assertEquals(expected, loss.item(), tolerance * Math.abs(expected), "loss of step " + step);
                if (doubles) {
                    State state = optimizer.state(p.get(0));
                    assertArrayEquals(
                            RecordedRuns.longs(run.get("counts").get(step)),
                            new long[] {state.integer("n_iter"), state.integer("func_evals")},
                            "counts after step " + step);
                }
            }
            for (int k = 0; k < p.size(); k++) {
                assertArrayEquals(
                        RecordedRuns.doubles(run.get("parameters").get(k)),
                        RecordedRuns.elements(p.get(k)),
                        doubles ? 1e-9 : 2e-3, // the loss is flat around its minimum
                        "parameter " + k);
            }
            assertState(run, state(optimizer));
        }
    }

    private static Tensor loss(JsonNode run, Optimizer<?> optimizer, List<Parameter> p) {
        optimizer.zeroGrad();
        Tensor total = Torch.zeros();
        Tensor sum = Torch.zeros();
        String kind = run.get("gradients").asText();
        for (int k = 0; k < p.size(); k++) {
            if (kind.equals("missing") && k == 1) {
                continue;
            }
            Tensor x = (p.get(k).isComplex() ? p.get(k).viewAsReal() : p.get(k)).reshape(-1);
            Tensor c = Torch.arange(1, x.numel() + 1, 1, TensorOptions.of(x.dtype()));
            total = total.add(
                    c.mul(0.5).mul(x.sub(1).square()).add(x.pow(4).mul(0.05)).sum());
            sum = sum.add(x.sum());
        }
        Tensor loss = total.add(sum.mul(0.1).mul(sum));
        if (run.get("options").has("maximize")) {
            loss = loss.neg();
        }
        loss.backward();
        if (kind.equals("sparse")) {
            p.get(2).setGrad(Objects.requireNonNull(p.get(2).grad()).toSparse());
        }
        return loss;
    }

    private static Map<?, ?> state(Optimizer<?> optimizer) {
        Map<?, ?> states =
                (Map<?, ?>) Objects.requireNonNull(optimizer.stateDict().get("state"));
        assertEquals(1, states.size());
        return (Map<?, ?>) states.values().iterator().next();
    }

    private static void assertState(JsonNode run, Map<?, ?> state) {
        List<String> keys = new ArrayList<>();
        run.get("state").fields().forEachRemaining(entry -> {
            keys.add(entry.getKey());
            Object value = state.get(entry.getKey());
            if (entry.getValue().has("length") && run.get("dtype").asText().equals("float64")) {
                assertEquals(entry.getValue().get("length").intValue(), ((List<?>) value).size(), entry.getKey());
            } else if (entry.getValue().has("shape") && value instanceof Tensor tensor) {
                assertArrayEquals(RecordedRuns.longs(entry.getValue().get("shape")), tensor.shape(), entry.getKey());
            }
        });
        assertEquals(new TreeSet<>(keys), new TreeSet<>(state.keySet()));
    }
}
