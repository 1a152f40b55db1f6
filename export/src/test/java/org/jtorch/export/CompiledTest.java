package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.jtorch.Torch;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Node;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.flatten.Flatten;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.junit.jupiter.api.Test;

/** Programs that are rewritten for inference. That their values are PyTorch's is shown by {@code jtorch verify}. */
class CompiledTest {

    private static List<String> targets(Compiled<?, ?> compiled) {
        return compiled.graph().nodes().stream().map(Node::target).toList();
    }

    private static int count(Compiled<?, ?> compiled, String part) {
        return (int) targets(compiled).stream()
                .filter(target -> target.contains(part))
                .count();
    }

    @Test
    void normalizationAndActivationsAreFoldedIntoConvolutions() {
        Compiled<Inputs, Object> compiled = Compiled.of(Graphs.load("resnet_hf"));
        assertEquals(0, count(compiled, "batch_norm"));
        assertEquals(0, count(compiled, "conv2d"));
        assertEquals(12, count(compiled, "_convolution_pointwise"));
        assertEquals(1, count(compiled, "contiguous"));
        assertTrue(
                compiled.explain().contains("12  folded normalization into convolution and linear"),
                compiled.explain());
        assertTrue(compiled.toString().startsWith("Compiled("), compiled.toString());
    }

    @Test
    void aModuleIsRecordedAndCompiled() {
        Sequential model = new Sequential(
                new Conv2d(3, 8, 3), new BatchNorm2d(8), new ReLU(), new Flatten(), new Linear(8 * 36, 10));
        model.eval();
        Tensor x = Torch.randn(2, 3, 8, 8);
        Compiled<Inputs, Object> compiled = Compiled.of(model, x);
        assertEquals(0, count(compiled, "batch_norm"));
        assertTrue(first(compiled.call(Inputs.of(x))).allclose(model.infer(x), 1e-4, 1e-5));
        model.train();
        assertThrows(ExportException.class, () -> Compiled.of(model, x));
    }

    private static final class Noisy extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x.add(Torch.rand(3, 4));
        }
    }

    @Test
    void aRandomProgramIsComparedWithTheSameNumbersAndStaysRandom() {
        Noisy model = new Noisy();
        model.eval();
        Torch.manualSeed(7);
        double next = Torch.rand(1).item();
        Torch.manualSeed(7);
        Compiled<Inputs, Object> compiled = Compiled.of(model, Torch.zeros(3, 4));
        assertEquals(next, Torch.rand(1).item(), "the generator is as before");
        Tensor first = first(compiled.call(Inputs.of(Torch.zeros(3, 4))));
        assertFalse(first.equal(first(compiled.call(Inputs.of(Torch.zeros(3, 4))))));
    }

    /** Flattens with view, which needs the order of memory of the plain program, and changes its input. */
    private static final class Viewing extends Module<Tensor, List<Tensor>> {
        private final Conv2d conv = new Conv2d(3, 8, 3);
        private final Linear first = new Linear(5, 4);
        private final Linear second = new Linear(5, 6);

        @Override
        protected List<Tensor> forward(Tensor x) {
            Tensor flat = conv.call(x).view(x.size(0), -1);
            Tensor one = first.call(x).view(-1);
            x.add_(1);
            return List.of(
                    flat,
                    one,
                    second.call(x).view(-1),
                    conv.call(x),
                    first.getParameter("weight").detach());
        }
    }

    @Test
    void viewsAndChangedInputsAreCompiled() {
        Viewing model = new Viewing();
        model.eval();
        ExportedProgram program = ExportedProgram.of(model, Torch.randn(2, 3, 5, 5));
        Tensor x = Torch.randn(2, 3, 5, 5);
        List<Tensor> expected = model.infer(x.clone());
        Compiled<Tensor, Object> compiled = Compiled.of(program, Tensor.class, Object.class);
        for (int call = 0; call < 2; call++) {
            Tensor input = x.clone();
            List<?> actual = (List<?>) compiled.call(input);
            assertTrue(input.equal(x.add(1)));
            for (int i = 0; i < expected.size(); i++) {
                Tensor output = (Tensor) actual.get(i);
                assertTrue(output.allclose(expected.get(i), 1e-4, 1e-5), "output " + i + " of call " + call);
                output.close();
            }
        }
    }

    @Test
    void theLinearMapsOfAnAttentionAreJoined() {
        ExportedProgram program = Graphs.load("bert");
        Compiled<Inputs, Object> compiled = Compiled.of(program);
        assertTrue(compiled.explain().contains(" 2  joined the linear maps that share an input"), compiled.explain());
        assertEquals(2, count(compiled, "split_with_sizes"));
        assertEquals(0, count(compiled, "dropout"));
    }

    @Test
    void weightsThatAreChangedAfterwardsAreNotSeen() {
        ExportedProgram program = Graphs.load("dynamic_batch");
        Compiled<Tensor, Tensor> compiled = Compiled.of(program, Tensor.class, Tensor.class);
        Tensor x = Torch.ones(2, 8);
        double[] before = compiled.call(x).toDoubleArray();
        program.stateDict().get("fc2.bias").detach().add_(1);
        assertArrayEquals(before, compiled.call(x).toDoubleArray());
        assertFalse(compiled.call(x).requiresGrad());
    }

    @Test
    void dynamicSizesStayDynamic() {
        ExportedProgram program = Graphs.load("dynamic_sequence");
        Compiled<Tensor, Object> compiled = Compiled.of(program, Tensor.class, Object.class);
        Tensor tokens = Torch.randint(0, 50, 5, 20);
        Tensor expected =
                (Tensor) ((List<?>) program.module(Tensor.class, Object.class).infer(tokens)).get(0);
        Tensor actual = (Tensor) ((List<?>) compiled.call(tokens)).get(0);
        assertTrue(actual.allclose(expected, 1e-4, 1e-5));
        assertThrows(IllegalArgumentException.class, () -> compiled.call(Torch.randint(0, 50, 5, 33)));
    }

    @Test
    void aProgramThatIsNotForInferenceIsRefused() {
        ExportException training = assertThrows(ExportException.class, () -> Compiled.of(Graphs.load("training_mode")));
        assertTrue(
                training.getMessage().startsWith("the program was exported in training mode"), training.getMessage());
        ExportException changing =
                assertThrows(ExportException.class, () -> Compiled.of(Graphs.load("mutated_buffer")));
        assertTrue(changing.getMessage().startsWith("the program changes its state"), changing.getMessage());
        assertFalse(Compiled.isCompilable(Graphs.load("mutated_buffer")));
        assertTrue(Compiled.isCompilable(Graphs.load("resnet_hf")));
    }

    /** Passes rely on the dtypes of the graph, and oneDNN computes something for others. */
    @Test
    void anInputOfAnotherDTypeIsRefused() {
        Conv2d convolution = new Conv2d(3, 8, 3);
        convolution.eval();
        Tensor x = Torch.randn(2, 3, 6, 6);
        Compiled<Inputs, Object> compiled = Compiled.of(convolution, x);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> compiled.call(Inputs.of(x.to(DType.FLOAT16))));
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "input 'input' has dtype torch.float16, but the program was compiled for torch.float32"),
                e.getMessage());
    }

    @Test
    void aToleranceThatIsNoneIsRefused() {
        ExportedProgram program = Graphs.load("dynamic_batch");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Compiled.of(program, Inputs.class, Object.class, o -> o.tolerance(Double.NaN, 0)));
        assertEquals("the tolerance is NaN and 0.0, but both must be at least 0", e.getMessage());
    }

    @Test
    void aDifferenceAboveTheToleranceIsRefused() {
        ExportException e = assertThrows(
                ExportException.class,
                () -> Compiled.of(Graphs.load("tv_mobilenet_v3"), Inputs.class, Object.class, o -> o.tolerance(0, 0)));
        assertTrue(e.getMessage().startsWith("output 0 of the compiled program differs by "), e.getMessage());
    }

    @Test
    void anyNumberOfThreadsMayCallIt() throws Exception {
        Compiled<Inputs, Object> compiled = Compiled.of(Graphs.load("resnet_hf"));
        Map<String, Tensor> recording = Graphs.recording("resnet_hf");
        Tensor expected = recording.get("output.0");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                results.add(threads.submit(
                        () -> first(compiled.call(Graphs.inputs(recording))).allclose(expected, 1e-4, 1e-5)));
            }
            for (Future<Boolean> result : results) {
                assertTrue(result.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    private static Tensor first(Object output) {
        return output instanceof List<?> list ? (Tensor) list.get(0) : (Tensor) output;
    }
}
