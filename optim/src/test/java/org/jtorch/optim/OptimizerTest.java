package org.jtorch.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What all optimizers have in common, and their choice of kernels. */
class OptimizerTest {

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

    /** In Python, 0 is the key of a parameter whatever the type of the number. */
    @Test
    void theKeysOfAStateMayBeInts() {
        Parameter p = new Parameter(Torch.zeros(1));
        p.setGrad(Torch.ones(1));
        AdamW optimizer = new AdamW(List.of(p));
        optimizer.step();
        Map<?, ?> state = (Map<?, ?>) optimizer.stateDict().get("state");
        Map<?, ?> groups = (Map<?, ?>) ((List<?>) optimizer.stateDict().get("param_groups")).get(0);
        Map<String, Object> group = new LinkedHashMap<>();
        groups.forEach((name, value) -> group.put((String) name, value));
        for (Number number : new Number[] {0, 0L}) {
            group.put("params", List.of(number));
            AdamW other = new AdamW(List.of(p));
            other.loadStateDict(Map.of("state", Map.of(0, state.get(0L)), "param_groups", List.of(group)));
            assertEquals(1, other.state(p).number("step"));
        }
    }

    /** As in PyTorch, where a function without a return statement returns None. */
    @Test
    void aHookOfTheStateThatReturnsNullKeepsIt() {
        Parameter p = new Parameter(Torch.ones(3));
        p.setGrad(Torch.ones(3));
        AdamW optimizer = new AdamW(List.of(p), o -> o.lr(0.25));
        optimizer.step();
        optimizer.registerStateDictPostHook(dict -> {
            dict.put("note", "kept");
            return null;
        });
        optimizer.registerLoadStateDictPreHook(dict -> {
            dict.remove("note");
            return null;
        });
        Map<String, Object> dict = optimizer.stateDict();
        assertEquals("kept", dict.get("note"));
        optimizer.groups().get(0).options().lr(0.5);
        optimizer.loadStateDict(dict);
        assertEquals(0.25, optimizer.groups().get(0).options().lr());
        assertEquals(1, optimizer.state(p).number("step"));
    }

    /** The plain operators refuse a number that float32 cannot hold, as in PyTorch; the fused kernels would compute infinities. */
    @ParameterizedTest
    @CsvSource({
        "Adagrad,lr,1e300",
        "Adagrad,eps,1e300",
        "Adagrad,weight_decay,1e300",
        "Adagrad,lr,1e38",
        "SGD,lr,1e300",
        "SGD,weight_decay,1e39",
        "Adam,lr,1e300",
        "Adam,lr,1e38",
        "AdamW,lr,1e300",
        "Adam,eps,1e39"
    })
    void absurdNumbersAreTheSameInEachWay(String name, String option, double value) {
        List<String> results = new ArrayList<>();
        for (Boolean fused : new Boolean[] {null, false, true}) {
            Parameter p = new Parameter(Torch.ones(3));
            p.setGrad(Torch.ones(3));
            Optimizer<?> optimizer = RecordedRuns.create(
                    name, o -> o.set("lr", 0.1).set(option, value).set("fused", fused), List.of(Params.of(List.of(p))));
            String result;
            try {
                optimizer.step();
                result = "";
            } catch (RuntimeException e) {
                result = e.getMessage();
            }
            results.add(result + Arrays.toString(p.toDoubleArray()));
        }
        assertEquals(results.get(1), results.get(0));
        assertEquals(results.get(1), results.get(2));
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
