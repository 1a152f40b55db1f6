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
import org.jtorch.export.internal.passes.WrongOutput;
import org.jtorch.export.internal.passes.WrongRelu;
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
        assertEquals(2, count(compiled, "contiguous"), "the image, and the features that are an output");
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
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, x);
        assertEquals(0, count(compiled, "batch_norm"));
        assertTrue(compiled.call(x).allclose(model.infer(x), 1e-4, 1e-5));
        Compiled<Inputs, Object> untyped = Compiled.of(model, Inputs.of(x));
        assertTrue(compiled.call(x).equal(first(untyped.call(Inputs.of(x)))));
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
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, Torch.zeros(3, 4));
        assertEquals(next, Torch.rand(1).item(), "the generator is as before");
        Tensor first = compiled.call(Torch.zeros(3, 4));
        assertFalse(first.equal(compiled.call(Torch.zeros(3, 4))));
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

    /** Returns what a convolution computed, in several orders of memory, and parts of a joined linear map. */
    private static final class Features extends Module<Tensor, List<Tensor>> {
        private Conv2d conv = new Conv2d(3, 8, 3, o -> o.padding(1));
        private Linear first = new Linear(5, 4);
        private Linear second = new Linear(5, 6);

        @Override
        protected List<Tensor> forward(Tensor x) {
            Tensor features = conv.call(x).relu();
            return List.of(
                    features,
                    features.permute(0, 2, 3, 1),
                    features.transpose(1, 2).sum(0),
                    first.call(x),
                    second.call(x));
        }
    }

    @Test
    void outputsHaveTheStridesOfThePlainRun() {
        Features model = new Features();
        model.eval();
        Tensor x = Torch.randn(2, 3, 5, 5);
        Compiled<Tensor, List<Tensor>> compiled = Compiled.of(model, x);
        assertTrue(compiled.explain().contains(" 1  put images into channels-last order"), compiled.explain());
        assertTrue(compiled.explain().contains(" 1  joined the linear maps"), compiled.explain());
        List<Tensor> expected = model.infer(x);
        List<Tensor> actual = compiled.call(x);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i).strides(), actual.get(i).strides(), "output " + i);
            assertTrue(actual.get(i).allclose(expected.get(i), 1e-4, 1e-5), "output " + i);
        }
        assertEquals(400, actual.get(0).view(-1).numel());
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
        Compiled<Tensor, Tensor> compiled = Compiled.of(ExportedProgram.of(convolution, x), Tensor.class, Tensor.class);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> compiled.call(x.to(DType.FLOAT16)));
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

    // --- other inputs ------------------------------------------------------------------------------------------

    private static Sequential small() {
        Sequential model = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
        model.eval();
        return model;
    }

    @Test
    void aModuleIsRecordedAgainForOtherSizesAndDTypes() {
        Module<Tensor, Tensor> model = new Square();
        model.eval();
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, Torch.ones(2, 4));
        assertEquals(List.of("(torch.float32[2, 4])"), compiled.signatures());
        Tensor other = Torch.randn(3, 5);
        assertTrue(compiled.call(other).allclose(model.infer(other), 1e-4, 1e-5));
        compiled.call(Torch.randn(3, 5));
        Tensor exact = Torch.randn(2, 4).to(DType.FLOAT64);
        assertEquals(DType.FLOAT64, compiled.call(exact).dtype());
        assertEquals(
                List.of("(torch.float32[2, 4])", "(torch.float32[3, 5])", "(torch.float64[2, 4])"),
                compiled.signatures());
        assertTrue(compiled.explain().startsWith("for (torch.float32[2, 4]):\n"), compiled.explain());
    }

    private static final class Square extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x.mul(x).sum(new long[] {-1}, false);
        }
    }

    @Test
    void laterRecordingsHaveTheWeightsOfTheBeginning() {
        Sequential model = small();
        Tensor x = Torch.randn(3, 4);
        Tensor expected = model.infer(x).clone();
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, Torch.ones(2, 4), o -> o.recompileLimit(2));
        model.parameters().forEach(parameter -> parameter.detach().add_(1));
        assertTrue(compiled.call(x).allclose(expected, 1e-4, 1e-5), "recorded later");
        Tensor twice = Torch.cat(List.of(x, x), 0);
        assertTrue(
                compiled.call(twice).allclose(Torch.cat(List.of(expected, expected), 0), 1e-4, 1e-5),
                "beyond the limit");
        assertEquals(2, compiled.signatures().size());
    }

    @Test
    void beyondTheLimitThePlainModuleRuns() {
        int[] calls = new int[1];
        Sequential model = small();
        model.registerForwardHook((module, input, output) -> {
            calls[0]++;
            return null;
        });
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, Torch.ones(2, 4), o -> o.recompileLimit(1));
        Compiled<Inputs, Object> untyped = Compiled.of(model, Inputs.of(Torch.ones(2, 4)), o -> o.recompileLimit(1));
        Tensor x = Torch.randn(3, 4);
        int before = calls[0];
        compiled.call(Torch.ones(2, 4));
        assertEquals(before, calls[0], "compiled");
        assertTrue(compiled.call(x).equal(model.infer(x)));
        assertTrue(first(untyped.call(Inputs.of(x))).equal(model.infer(x)));
        assertEquals(before + 4, calls[0], "the copies, and the module twice");
        assertFalse(compiled.call(x).requiresGrad());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Compiled.of(model, x, o -> o.recompileLimit(0)));
        assertEquals("the limit is 0, but must be at least 1", e.getMessage());
    }

    @Test
    void aSignatureThatFailsIsNotKept() {
        Compiled<Tensor, Tensor> compiled = Compiled.of(small(), Torch.ones(2, 4), o -> o.recompileLimit(2));
        for (int i = 0; i < 3; i++) {
            assertThrows(RuntimeException.class, () -> compiled.call(Torch.ones(2, 5)));
        }
        assertEquals(1, compiled.signatures().size());
        compiled.call(Torch.ones(3, 4));
        assertEquals(2, compiled.signatures().size());
    }

    @Test
    void withDynamicDimensionsItIsNotRecordedAgain() {
        Sequential model = small();
        Compiled<Tensor, Tensor> compiled =
                Compiled.of(model, Torch.ones(2, 4), o -> o.dynamic("input", 0, Dim.of("batch", 1, 64)));
        Tensor x = Torch.randn(9, 4);
        assertTrue(compiled.call(x).allclose(model.infer(x), 1e-4, 1e-5));
        assertEquals(1, compiled.signatures().size());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> compiled.call(Torch.ones(65, 4)));
        assertTrue(e.getMessage().contains("must be 1 to 64"), e.getMessage());
    }

    record Words(Tensor ids, Tensor mask, boolean scaled) {}

    record Scores(List<Tensor> parts, String name, Tensor mask) {}

    private static final class Scorer extends Module<Words, Scores> {
        private Linear linear = new Linear(4, 4);

        @Override
        protected Scores forward(Words words) {
            Tensor x = linear.call(words.ids());
            Tensor y = words.mask() == null ? x : x.mul(words.mask());
            return new Scores(List.of(x, words.scaled() ? y.mul(2) : y), "scores", words.mask());
        }
    }

    @Test
    void inputsAndOutputsHaveTheTypesOfTheModule() {
        Scorer model = new Scorer();
        model.eval();
        Tensor x = Torch.randn(2, 4);
        Tensor mask = Torch.randn(2, 4);
        Compiled<Words, Scores> compiled = Compiled.of(model, new Words(x, mask, false));
        for (Words words : List.of(new Words(x, mask, false), new Words(x, null, false), new Words(x, mask, true))) {
            Scores expected = model.infer(words);
            Scores actual = compiled.call(words);
            assertEquals("scores", actual.name());
            assertTrue(actual.parts().get(1).allclose(expected.parts().get(1), 1e-4, 1e-5));
            assertEquals(expected.mask() == null, actual.mask() == null);
        }
        assertEquals(3, compiled.signatures().size());
    }

    private static final class Fixed extends Module<Tensor, Tensor> {
        private final Linear linear = new Linear(4, 2);

        @Override
        protected Tensor forward(Tensor x) {
            return linear.call(x);
        }
    }

    @Test
    void aModuleThatCannotBeCopiedIsRecordedOnce() {
        Fixed model = new Fixed();
        model.eval();
        Tensor x = Torch.randn(2, 4);
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, x);
        Tensor expected = model.infer(x).clone();
        model.parameters().forEach(parameter -> parameter.detach().add_(1));
        assertTrue(compiled.call(x).allclose(expected, 1e-4, 1e-5));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> compiled.call(Torch.ones(3, 4)));
        assertTrue(
                e.getMessage()
                        .startsWith("the input is (torch.float32[3, 4]), but the module was compiled for"
                                + " [(torch.float32[2, 4])] only: declare sizes"),
                e.getMessage());
        assertTrue(e.getMessage().contains("field 'linear'"), e.getMessage());
        Compiled<Tensor, Tensor> dynamic = Compiled.of(model, x, o -> o.dynamic("input", 0, Dim.of("batch", 1, 8)));
        assertEquals(3, dynamic.call(Torch.ones(3, 4)).size(0));
    }

    @Test
    void anExportedModuleIsCompiled() {
        ExportedModule<Inputs, Tensor> module = Graphs.load("dynamic_batch").module(Inputs.class, Tensor.class);
        Inputs inputs = Inputs.of(Torch.ones(2, 8));
        Compiled<Inputs, Tensor> compiled = Compiled.of(module, inputs);
        assertTrue(compiled.call(inputs).allclose(module.infer(inputs), 1e-4, 1e-5));
    }

    @Test
    void aSignatureIsRecordedOnceIfManyThreadsMeetIt() throws Exception {
        Sequential model = small();
        Compiled<Tensor, Tensor> compiled = Compiled.of(model, Torch.ones(1, 4));
        List<Tensor> inputs = new ArrayList<>();
        List<Tensor> expected = new ArrayList<>();
        for (int size = 2; size < 5; size++) {
            inputs.add(Torch.randn(size, 4));
            expected.add(model.infer(inputs.get(size - 2)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int which = i % 3;
                results.add(threads.submit(
                        () -> compiled.call(inputs.get(which)).allclose(expected.get(which), 1e-4, 1e-5)));
            }
            for (Future<Boolean> result : results) {
                assertTrue(result.get());
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(4, compiled.signatures().size());
    }

    // --- differences -------------------------------------------------------------------------------------------

    @Test
    void theFirstNodeThatDiffersIsNamed() {
        Module<Tensor, Tensor> model = small();
        ExportException e = assertThrows(
                ExportException.class, () -> Compiled.of(model, Torch.ones(2, 4), o -> o.pass(new WrongRelu())));
        assertTrue(
                e.getMessage()
                        .matches(
                                "(?s)output 0 of the compiled program differs by [0-9.E-]+, compared with the plain one; the"
                                        + " first node that differs is node 'relu' \\(aten.relu.default\\) of 1.*, which differs by"
                                        + " [0-9.E-]+ and is computed by aten.neg.default\\. Allow it with .*"),
                e.getMessage());
    }

    @Test
    void namesOfValuesKeepTheirMeaningThroughAllPasses() {
        for (String name : List.of("resnet_hf", "bert", "tv_mobilenet_v3")) {
            ExportException e = assertThrows(
                    ExportException.class,
                    () -> Compiled.of(Graphs.load(name), Inputs.class, Object.class, o -> o.pass(new WrongOutput())));
            assertTrue(e.getMessage().contains("no node that both have differs before it"), e.getMessage());
        }
    }

    private static Tensor first(Object output) {
        return output instanceof List<?> list ? (Tensor) list.get(0) : (Tensor) output;
    }
}
