package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Optimizers change parameters as PyTorch's do; {@code parity/record/optimizers.py} recorded it. */
class OptimizerTest {

    @TestFactory
    List<DynamicTest> tenStepsAreAsInPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (InputStream in = OptimizerTest.class.getResourceAsStream("optimizers.json")) {
            for (JsonNode test :
                    new ObjectMapper().readTree(Objects.requireNonNull(in)).get("cases")) {
                for (boolean fused : test.get("optimizer").asText().equals("AdamW")
                        ? new boolean[] {true, false}
                        : new boolean[] {false}) {
                    String name = test.get("optimizer").asText() + test.get("kwargs") + " "
                            + test.get("dtype").asText() + (fused ? " fused" : "");
                    tests.add(DynamicTest.dynamicTest(name, () -> replay(test, fused)));
                }
            }
        }
        assertEquals(26, tests.size());
        return tests;
    }

    private static void replay(JsonNode test, boolean fused) {
        try (TensorScope scope = new TensorScope()) {
            DType dtype = DType.of(test.get("dtype").asText());
            TensorOptions options = TensorOptions.of(dtype);
            Parameter a = new Parameter(Torch.linspace(-1, 1, 12, options).view(3, 4));
            Parameter b = new Parameter(Torch.linspace(0, 2, 5, options));
            Optimizer<?> optimizer = build(test, List.of(a, b), fused);
            for (int step = 0; step < 10; step++) {
                a.setGrad(gradient(a, step, 0, dtype));
                b.setGrad(step == 4 ? null : gradient(b, step, 1, dtype));
                optimizer.step();
            }
            double tolerance = dtype == DType.FLOAT64 ? 1e-12 : 2e-6;
            assertArrayEquals(doubles(test.get("parameters").get(0)), a.toDoubleArray(), tolerance);
            assertArrayEquals(doubles(test.get("parameters").get(1)), b.toDoubleArray(), tolerance);
        }
    }

    private static Tensor gradient(Tensor parameter, int step, int k, DType dtype) {
        Tensor values = Torch.arange(0, parameter.numel(), 1, TensorOptions.of(DType.FLOAT64));
        return values.mul(1.7)
                .add(step * 0.9)
                .add(k)
                .sin()
                .view(parameter.shape())
                .to(dtype);
    }

    private static Optimizer<?> build(JsonNode test, List<Parameter> parameters, boolean fused) {
        JsonNode kwargs = test.get("kwargs");
        if (test.get("optimizer").asText().equals("SGD")) {
            return new SGD(parameters, o -> o.lr(kwargs.path("lr").asDouble(1e-3))
                    .momentum(kwargs.path("momentum").asDouble(0))
                    .dampening(kwargs.path("dampening").asDouble(0))
                    .weightDecay(kwargs.path("weight_decay").asDouble(0))
                    .nesterov(kwargs.path("nesterov").asBoolean(false))
                    .maximize(kwargs.path("maximize").asBoolean(false)));
        }
        return new AdamW(parameters, o -> o.lr(kwargs.path("lr").asDouble(1e-3))
                .betas(
                        kwargs.path("betas").path(0).asDouble(0.9),
                        kwargs.path("betas").path(1).asDouble(0.999))
                .eps(kwargs.path("eps").asDouble(1e-8))
                .weightDecay(kwargs.path("weight_decay").asDouble(1e-2))
                .amsgrad(kwargs.path("amsgrad").asBoolean(false))
                .maximize(kwargs.path("maximize").asBoolean(false))
                .fused(fused));
    }

    private static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    @Test
    void adamWUsesTheFusedKernel() {
        Parameter p = new Parameter(Torch.ones(3));
        p.setGrad(Torch.ones(3));
        AdamW optimizer = new AdamW(List.of(p));
        List<String> ops = new ArrayList<>();
        try (OpRecorder recorder = OpRecorder.start(op -> ops.add(op.operator()))) {
            optimizer.step();
        }
        assertEquals(1, ops.stream().filter("aten::_fused_adamw_"::equals).count(), ops.toString());
    }

    @Test
    void parametersOfMixedDtypesAreStillChanged() {
        Parameter single = new Parameter(Torch.ones(2));
        Parameter twice = new Parameter(Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64)));
        single.setGrad(Torch.ones(2));
        twice.setGrad(Torch.ones(new long[] {2}, TensorOptions.of(DType.FLOAT64)));
        new AdamW(List.of(single, twice), o -> o.lr(0.1).weightDecay(0)).step();
        assertArrayEquals(new double[] {0.9, 0.9}, single.toDoubleArray(), 1e-6);
        assertArrayEquals(new double[] {0.9, 0.9}, twice.toDoubleArray(), 1e-6);
    }

    @Test
    void zeroGradRemovesGradients() {
        Parameter p = new Parameter(Torch.ones(3));
        p.setGrad(Torch.ones(3));
        new SGD(List.of(p)).zeroGrad();
        assertNull(p.grad());
    }

    @Test
    void theLearningRateMayChangeBetweenSteps() {
        Parameter p = new Parameter(Torch.zeros(1));
        SGD optimizer = new SGD(List.of(p), o -> o.lr(1));
        p.setGrad(Torch.ones(1));
        optimizer.step();
        optimizer.groups().get(0).options().lr(0.5);
        optimizer.step();
        assertEquals(-1.5, p.item(), 1e-6);
    }

    @Test
    void stepsInsideOfAScopeKeepTheirState() {
        Parameter p = new Parameter(Torch.zeros(1));
        AdamW optimizer = new AdamW(List.of(p));
        for (int i = 0; i < 3; i++) {
            try (TensorScope scope = new TensorScope()) {
                p.setGrad(Torch.ones(1));
                optimizer.step();
            }
        }
        assertEquals(-3e-3, p.item(), 1e-5);
    }

    @Test
    void badArgumentsAreRefused() {
        Parameter p = new Parameter(Torch.zeros(1));
        assertMessage("optimizer got an empty parameter list", () -> new SGD(List.of()));
        assertMessage("Invalid learning rate: -1.0", () -> new AdamW(List.of(p), o -> o.lr(-1)));
        assertMessage("Invalid beta parameter at index 1: 1.0", () -> new AdamW(List.of(p), o -> o.betas(0.9, 1)));
        assertMessage(
                "Nesterov momentum requires a momentum and zero dampening",
                () -> new SGD(List.of(p), o -> o.nesterov(true)));
        assertMessage("can't optimize a non-leaf Tensor", () -> new SGD(List.of(p.mul(2))));
        assertMessage(
                "a parameter appears twice in a group: it would be changed twice in each step",
                () -> new SGD(List.of(p, p)));
    }

    @Test
    void isSavedByItsStateDict(@TempDir Path folder) {
        AdamW optimizer = new AdamW(List.of(new Parameter(Torch.zeros(1))));
        Path file = folder.resolve("run.pt");
        String reason = "a org.jtorch.optim.AdamW cannot be written to a checkpoint: save its stateDict()";
        CheckpointException root = assertThrows(CheckpointException.class, () -> Checkpoint.save(file, optimizer));
        assertEquals(file + ": " + reason, root.getMessage());
        CheckpointException inside =
                assertThrows(CheckpointException.class, () -> Checkpoint.save(file, Map.of("optimizer", optimizer)));
        assertEquals(file + ": at 'optimizer': " + reason, inside.getMessage());
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
