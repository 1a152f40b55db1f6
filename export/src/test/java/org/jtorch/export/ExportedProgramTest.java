package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jtorch.DType;
import org.jtorch.OpRecorder;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.export.graph.ExportException;
import org.jtorch.nn.Module;
import org.jtorch.nn.ModuleCallException;
import org.jtorch.nn.linear.Bilinear;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be done with a program that Python exported. */
class ExportedProgramTest {

    @TempDir
    Path folder;

    /** The output of {@code nested_outputs}. */
    record Nested(Sum first, Tensor stacked) {}

    record Sum(Tensor sum, Parts parts, int count) {}

    record Parts(Tensor difference, List<Tensor> products) {}

    record Words(Tensor tokens) {}

    record Pair(Tensor second, Tensor frist) {}

    /** The components of the record would be passed in the wrong order. */
    @Test
    void aRecordOfWhichOnlySomeNamesAreThoseOfArgumentsIsRefused() {
        ExportedProgram program = ExportedProgram.of(
                new Bilinear(3, 3, 2), Inputs.of(Torch.ones(1, 3), Torch.zeros(1, 3)), o -> o.names("first", "second"));
        ExportedModule<Pair, Tensor> module = program.module(Pair.class, Tensor.class);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> module.call(new Pair(Torch.zeros(1, 3), Torch.ones(1, 3))));
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "the record has no components for the arguments [first] of the program; its components"
                                        + " are [second, frist]"),
                e.getMessage());
    }

    @Test
    void aFileThatIsNoArchiveIsRefused(@TempDir Path folder) throws IOException {
        Path path = Files.writeString(folder.resolve("model.pt2"), "version https://git-lfs.github.com/spec/v1");
        ExportException e = assertThrows(ExportException.class, () -> ExportedProgram.load(path));
        assertTrue(
                e.getMessage().contains("is no zip archive, as torch.save and torch.export.save write"),
                e.getMessage());
    }

    // --- the module --------------------------------------------------------------------------------------------

    @Test
    void theStateHasTheNamesOfPython() {
        ExportedProgram program = Graphs.load("dynamic_batch");
        List<String> names = List.of("fc1.weight", "fc1.bias", "norm.weight", "norm.bias", "fc2.weight", "fc2.bias");
        assertEquals(names, List.copyOf(program.stateDict().keySet()));
        Module<Inputs, Object> module = program.module();
        assertEquals(Set.copyOf(names), module.stateDict().keySet());
        assertTrue(module.getParameter("fc1.weight").requiresGrad());
    }

    @Test
    void aBufferThatIsNotPersistentIsNotInTheStateDict() {
        Module<Inputs, Object> module = Graphs.load("mutated_buffer").module();
        assertEquals(Set.of("calls"), module.stateDict().keySet());
        Set<String> buffers = new LinkedHashSet<>();
        module.namedBuffers().forEach(buffer -> buffers.add(buffer.name()));
        assertEquals(Set.of("calls", "scratch", "shift"), buffers);
    }

    @Test
    void aBufferThatTheGraphChangesIsChanged() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("mutated_buffer").module(Tensor.class, Tensor.class);
        Tensor x = Torch.zeros(2, 3);
        double before = module.getBuffer("calls").item();
        Tensor first = module.call(x);
        Tensor second = module.call(x);
        assertEquals(before + 2, module.getBuffer("calls").item());
        assertEquals(1, second.sub(first).mean().item());
    }

    @Test
    void tiedWeightsAreOneParameter() {
        Module<Inputs, Object> module = Graphs.load("tied_weights").module();
        assertEquals(1, module.parameters().size());
        assertEquals(
                Set.of("embed.weight", "head.weight"),
                Graphs.load("tied_weights").stateDict().keySet());
    }

    @Test
    void anyOptimizerTrainsIt() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("dynamic_batch").module(Tensor.class, Tensor.class);
        Torch.manualSeed(0);
        Tensor x = Torch.randn(16, 8);
        Tensor y = Torch.randn(16, 4);
        double first = 0;
        double last = 0;
        for (int i = 0; i < 50; i++) {
            Tensor loss = module.call(x).sub(y).square().mean();
            first = i == 0 ? loss.item() : first;
            last = loss.item();
            module.zeroGrad();
            loss.backward();
            module.parameters().forEach(p -> p.data().sub_(p.grad().mul(0.1)));
        }
        assertTrue(last < first / 2, first + " became " + last);
    }

    @Test
    void aCopyHasItsOwnWeights() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("dynamic_batch").module(Tensor.class, Tensor.class);
        ExportedModule<Tensor, Tensor> copy = Module.deepCopy(module);
        assertNotSame(module.getParameter("fc1.weight"), copy.getParameter("fc1.weight"));
        Tensor x = Torch.ones(1, 8);
        double[] before = module.infer(x).toDoubleArray();
        copy.getParameter("fc2.bias").data().add_(1);
        assertArrayEquals(before, module.infer(x).toDoubleArray());
        assertEquals(before[0] + 1, copy.infer(x).toDoubleArray()[0], 1e-5);
    }

    @Test
    void modulesOfOneProgramShareItsWeights() {
        ExportedProgram program = Graphs.load("dynamic_batch");
        assertSame(
                program.module().getParameter("fc1.weight"), program.stateDict().get("fc1.weight"));
    }

    @Test
    void theStateIsSavedAndLoadedAsThatOfAnyModule() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("dynamic_batch").module(Tensor.class, Tensor.class);
        Tensor x = Torch.ones(2, 8);
        double[] expected = module.infer(x).toDoubleArray();
        Checkpoint.save(folder.resolve("state.pt"), module.stateDict());
        module.getParameter("fc1.weight").data().zero_();
        assertFalse(Arrays.equals(expected, module.infer(x).toDoubleArray()));
        module.loadStateDict(Checkpoint.load(folder.resolve("state.pt")).stateDict());
        assertArrayEquals(expected, module.infer(x).toDoubleArray());
    }

    @Test
    void itIsConvertedAsAnyModule() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("dynamic_batch").module(Tensor.class, Tensor.class);
        module.to(DType.FLOAT64);
        assertEquals(
                DType.FLOAT64, module.infer(Torch.ones(2, 8).to(DType.FLOAT64)).dtype());
    }

    @Test
    void hooksRun() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("dynamic_batch").module(Tensor.class, Tensor.class);
        List<String> seen = new ArrayList<>();
        module.registerForwardObserver((m, x, y) -> seen.add(x.size(0) + " " + y.size(1)));
        module.call(Torch.ones(3, 8));
        assertEquals(List.of("3 4"), seen);
    }

    // --- inputs and outputs ------------------------------------------------------------------------------------

    @Test
    void outputsAreListsAndMaps() {
        Map<String, Tensor> recording = Graphs.recording("nested_outputs");
        List<?> output = (List<?>) Graphs.load("nested_outputs").module().call(Graphs.inputs(recording));
        Map<?, ?> first = (Map<?, ?>) output.get(0);
        assertEquals(List.of("sum", "parts", "count"), List.copyOf(first.keySet()));
        assertEquals(2L, first.get("count"));
        List<?> products = (List<?>) ((List<?>) first.get("parts")).get(1);
        assertEquals(2, products.size());
        assertEquals(null, products.get(1));
    }

    @Test
    void outputsAreRecordsIfAskedFor() {
        Map<String, Tensor> recording = Graphs.recording("nested_outputs");
        Nested nested =
                Graphs.load("nested_outputs").module(Inputs.class, Nested.class).call(Graphs.inputs(recording));
        assertEquals(2, nested.first.count);
        assertArrayEquals(recording.get("output.0").toDoubleArray(), nested.first.sum.toDoubleArray());
        assertEquals(2, nested.stacked.size(0));
        assertEquals(2, nested.first.parts.products.size());
    }

    @Test
    void aTypeThatDoesNotFitIsRefused() {
        Map<String, Tensor> recording = Graphs.recording("nested_outputs");
        Exception e = assertThrows(ModuleCallException.class, () -> Graphs.load("nested_outputs")
                .module(Inputs.class, Tensor.class)
                .call(Graphs.inputs(recording)));
        assertTrue(e.getMessage().contains("has 4 tensors, so it is no Tensor"), e.getMessage());
    }

    @Test
    void inputsAreRecordsListsOrSingleTensors() {
        ExportedProgram program = Graphs.load("dynamic_sequence");
        Tensor tokens = Graphs.recording("dynamic_sequence").get("input.0");
        double[] expected = logits(program.module().infer(Inputs.of(tokens)));
        assertArrayEquals(
                expected, logits(program.module(Words.class, Object.class).infer(new Words(tokens))));
        assertArrayEquals(
                expected, logits(program.module(List.class, Object.class).infer(List.of(tokens))));
        assertArrayEquals(
                expected, logits(program.module(Tensor.class, Object.class).infer(tokens)));
    }

    private static double[] logits(Object output) {
        return ((Tensor) ((List<?>) output).get(0)).toDoubleArray();
    }

    @Test
    void theExampleInputsAreKept() {
        Inputs inputs = Graphs.load("dynamic_batch").exampleInputs();
        assertEquals(1, inputs.args().size());
        assertArrayEquals(new long[] {3, 8}, ((Tensor) inputs.args().get(0)).shape());
        assertTrue(inputs.kwargs().isEmpty());
    }

    @Test
    void anotherNumberOfInputsIsRefused() {
        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> Graphs.load("nested_outputs").module().call(Inputs.of(Torch.ones(2, 3))));
        assertTrue(e.getMessage().contains("takes 2 arguments by position"), e.getMessage());
        assertTrue(e.getMessage().contains("but was given 1"), e.getMessage());
    }

    @Test
    void anInputThatIsNoTensorIsRefused() {
        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> Graphs.load("dynamic_batch").module().call(Inputs.of(3.0)));
        assertEquals("input 'x' must be a tensor, but is Double", e.getMessage());
    }

    // --- dynamic sizes -----------------------------------------------------------------------------------------

    @Test
    void dynamicSizesMayChange() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("dynamic_batch").module(Tensor.class, Tensor.class);
        Tensor x = Torch.randn(64, 8);
        Tensor all = module.infer(x);
        assertArrayEquals(new long[] {64, 4}, all.shape());
        Tensor one = module.infer(x.select(0, 5).unsqueeze(0));
        assertTrue(one.allclose(all.select(0, 5).unsqueeze(0), 1e-5, 1e-6));
    }

    @Test
    void aSizeOutsideOfItsRangeIsRefused() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("dynamic_batch").module(Tensor.class, Tensor.class);
        Exception e = assertThrows(IllegalArgumentException.class, () -> module.call(Torch.ones(65, 8)));
        assertTrue(
                e.getMessage().startsWith("input 'x' has size 65 in dimension 0, but it must be 1 to 64"),
                e.getMessage());
        Exception fixed = assertThrows(IllegalArgumentException.class, () -> module.call(Torch.ones(2, 9)));
        assertTrue(
                fixed.getMessage().startsWith("input 'x' has size 9 in dimension 1, but it must be 8"),
                fixed.getMessage());
        Exception rank = assertThrows(IllegalArgumentException.class, () -> module.call(Torch.ones(8)));
        assertTrue(rank.getMessage().contains("of 1 dimensions, but the program takes 2"), rank.getMessage());
    }

    @Test
    void aSizeThatIsAMultipleIsSolvedAndChecked() {
        ExportedModule<Inputs, Object> module =
                Graphs.load("dynamic_arithmetic").module();
        List<?> output = (List<?>) module.call(Inputs.of(Torch.randn(3, 20)));
        assertArrayEquals(new long[] {6, 10}, ((Tensor) output.get(0)).shape());
        assertArrayEquals(new long[] {11}, ((Tensor) output.get(2)).shape());
        Exception odd = assertThrows(IllegalArgumentException.class, () -> module.call(Inputs.of(Torch.randn(3, 21))));
        assertTrue(odd.getMessage().contains("has size 21 in dimension 1"), odd.getMessage());
        Exception large =
                assertThrows(IllegalArgumentException.class, () -> module.call(Inputs.of(Torch.randn(3, 102))));
        assertTrue(large.getMessage().contains("2 to 50"), large.getMessage());
    }

    // --- control flow ------------------------------------------------------------------------------------------

    @Test
    void theBranchDependsOnTheValue() {
        ExportedModule<Tensor, Tensor> module = Graphs.load("cond").module(Tensor.class, Tensor.class);
        Tensor x = Torch.ones(3, 4);
        Tensor yes = module.infer(x);
        Tensor no = module.infer(x.neg());
        Tensor a = x.matmul(module.getParameter("a.weight").t())
                .add(module.getParameter("a.bias"))
                .relu();
        Tensor b = x.neg()
                .matmul(module.getParameter("b.weight").t())
                .add(module.getParameter("b.bias"))
                .tanh();
        assertTrue(yes.allclose(a.add(1), 1e-5, 1e-6));
        assertTrue(no.allclose(b.add(1), 1e-5, 1e-6));
    }

    // --- modes -------------------------------------------------------------------------------------------------

    @Test
    void aModeThatIsWrittenIntoTheGraphCannotBeChanged() {
        ExportedModule<Inputs, Object> trained = Graphs.load("training_mode").module();
        assertTrue(trained.isTraining());
        Exception e = assertThrows(IllegalStateException.class, trained::eval);
        assertTrue(e.getMessage().contains("was exported in training mode"), e.getMessage());
        assertThrows(ModuleCallException.class, () -> trained.infer(Graphs.inputs(Graphs.recording("training_mode"))));
        ExportedModule<Inputs, Object> evaluated = Graphs.load("tv_resnet").module();
        assertFalse(evaluated.isTraining());
        assertThrows(IllegalStateException.class, evaluated::train);
        evaluated.eval();
    }

    @Test
    void aGraphThatDoesNotDependOnTheModeHasBoth() {
        ExportedModule<Inputs, Object> module = Graphs.load("dynamic_batch").module();
        module.train();
        module.eval();
        assertFalse(module.isTraining());
    }

    // --- recording -------------------------------------------------------------------------------------------

    @Test
    void aRecorderSeesEachOperator() {
        ExportedProgram program = Graphs.load("dynamic_batch");
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        Tensor x = Torch.randn(2, 8);
        List<String> operators = new ArrayList<>();
        try (OpRecorder recorder = OpRecorder.start(op -> operators.add(op.operator()))) {
            module.call(x);
        }
        assertEquals(List.of("aten::linear", "aten::layer_norm", "aten::gelu", "aten::linear"), operators);
    }
}
