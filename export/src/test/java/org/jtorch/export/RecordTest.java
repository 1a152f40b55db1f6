package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorIndex;
import org.jtorch.Torch;
import org.jtorch.amp.Autocast;
import org.jtorch.autograd.Autograd;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.InputSpec;
import org.jtorch.export.graph.Node;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.sparse.Embedding;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.jtorch.nn.utils.Checkpointing;
import org.jtorch.nn.utils.parametrizations.Parametrizations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modules as programs: what they compute, what they keep, and what is refused. */
class RecordTest {

    @TempDir
    Path folder;

    @BeforeEach
    void seed() {
        Torch.manualSeed(1);
    }

    /** Writes and reads a program. */
    private ExportedProgram written(ExportedProgram program) {
        Path file = folder.resolve("program.pt2");
        program.save(file);
        return ExportedProgram.load(file);
    }

    private static void assertClose(Tensor expected, Tensor actual) {
        assertArrayEquals(expected.shape(), actual.shape());
        assertTrue(expected.allclose(actual, 1e-5, 1e-6, true), () -> expected + " is not " + actual);
    }

    private static final class Net extends Module<Tensor, Tensor> {
        Linear fc1 = new Linear(4, 8);
        Linear fc2 = new Linear(8, 3);

        @Override
        protected Tensor forward(Tensor x) {
            return fc2.call(F.relu(fc1.call(x)));
        }
    }

    @Test
    void aWrittenProgramGivesTheSameOutputsAndGradients() {
        Net net = new Net();
        Tensor x = Torch.randn(5, 4);
        ExportedProgram program = written(ExportedProgram.of(net, x));
        assertEquals(net.stateDict().keySet(), program.stateDict().keySet());
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        Tensor other = Torch.randn(5, 4);
        Tensor expected = net.call(other);
        Tensor actual = module.call(other);
        assertClose(expected, actual);
        expected.square().mean().backward();
        actual.square().mean().backward();
        assertClose(grad(net.fc1.weight), grad(module.getParameter("fc1.weight")));
        assertClose(grad(net.fc2.bias), grad(module.getParameter("fc2.bias")));
    }

    private static Tensor grad(Parameter parameter) {
        Tensor grad = parameter.grad();
        assertNotNull(grad);
        return grad;
    }

    @Test
    void namesAreThoseOfPyTorch() {
        ExportedProgram program = ExportedProgram.of(new Net(), Torch.randn(5, 4));
        assertEquals("p_fc1_weight", program.signature().inputSpecs().get(0).input());
        assertEquals(
                List.of(
                        "torch.ops.aten.linear.default",
                        "torch.ops.aten.relu.default",
                        "torch.ops.aten.linear.default"),
                program.graph().nodes().stream().map(Node::target).toList());
        assertEquals("fc1", lastModule(program.graph().nodes().get(0)));
        assertEquals(List.of("TRAINING"), program.program().verifiers());
    }

    private static String lastModule(Node node) {
        String[] stack = String.valueOf(node.metadata().get("nn_module_stack")).split(";");
        return stack[stack.length - 1].split(",")[1];
    }

    @Test
    void trainedWeightsAreSaved() {
        Net net = new Net();
        ExportedProgram program = ExportedProgram.of(net, Torch.randn(5, 4));
        Autograd.noGrad(() -> {
            net.fc1.weight.fill_(7);
        });
        program.module(Tensor.class, Tensor.class)
                .getParameter("fc2.bias")
                .data()
                .fill_(9);
        assertEquals(9.0, net.fc2.bias.data().select(0, 0).item());
        Map<String, Tensor> state = written(program).stateDict();
        assertEquals(7.0, state.get("fc1.weight").mean().item());
        assertEquals(9.0, state.get("fc2.bias").mean().item());
    }

    // --- dynamic dimensions ------------------------------------------------------------------------------------

    private static final class Tokens extends Module<Tensor, Tensor> {
        Embedding embedding = new Embedding(20, 8);
        TransformerEncoderLayer layer =
                new TransformerEncoderLayer(8, 2, o -> o.dimFeedforward(16).batchFirst(true));

        @Override
        protected Tensor forward(Tensor ids) { // (N, L) to (N * L, 8)
            long batch = ids.size(0);
            long length = ids.size(1);
            Tensor x =
                    embedding.call(ids).add(Torch.arange(length).unsqueeze(-1).div(10));
            return layer.call(x).view(batch * length, 8).div(length + 1);
        }
    }

    @Test
    void batchAndLengthMayBeDynamic() {
        Tokens net = new Tokens();
        net.eval();
        Tensor ids = Torch.randint(0, 20, new long[] {3, 5});
        Dim batch = Dim.of("batch", 1, 64);
        Dim length = Dim.of("length", 1, 128);
        ExportedProgram program = written(ExportedProgram.of(
                net, ids, o -> o.names("ids").dynamic("ids", 0, batch).dynamic("ids", 1, length)));
        assertEquals("{s0=1 to 64, s1=1 to 128}", program.rangeConstraints().toString());
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        for (long[] shape : new long[][] {{3, 5}, {1, 1}, {7, 2}, {2, 11}}) {
            Tensor other = Torch.randint(0, 20, shape);
            assertClose(net.call(other), module.call(other));
        }
        assertThrows(IllegalArgumentException.class, () -> module.call(Torch.randint(0, 20, new long[] {65, 2})));
        assertTrue(program.graph().toString().contains("_operator.mul"), program::toString);
    }

    @Test
    void theBatchOfAnLstmMayBeDynamic() {
        Module<Tensor, Tensor> net = new Module<>() {
            LSTM lstm = new LSTM(4, 6, o -> o.batchFirst(true));

            @Override
            protected Tensor forward(Tensor x) {
                return lstm.call(x).output();
            }
        };
        ExportedProgram program =
                ExportedProgram.of(net, Torch.randn(2, 3, 4), o -> o.dynamic("input", 0, Dim.of("batch"))
                        .dynamic("input", 1, Dim.of("length")));
        Tensor other = Torch.randn(5, 7, 4);
        assertClose(net.call(other), program.module(Tensor.class, Tensor.class).call(other));
    }

    @Test
    void otherOperatorsForOtherSizesAreRefused() {
        Module<Tensor, Tensor> net = new Module<>() {
            @Override
            protected Tensor forward(Tensor x) {
                return x.size(0) > 3 ? x.add(1) : x.mul(2);
            }
        };
        Exception e = assertThrows(
                ExportException.class,
                () -> ExportedProgram.of(net, Torch.randn(3, 2), o -> o.dynamic("input", 0, Dim.of("batch", 1, 8))));
        assertTrue(
                e.getMessage().contains("operator 0 is aten::mul.Scalar for one, but aten::add.Scalar"), e::getMessage);
        assertTrue(e.getMessage().contains("batch = 3 and batch = "), e::getMessage);
    }

    @Test
    void aNumberThatIsNoMultipleOfTheSizesIsRefused() {
        Module<Tensor, Tensor> net = new Module<>() {
            @Override
            protected Tensor forward(Tensor x) {
                return x.narrow(0, 0, (x.size(0) + 1) / 2);
            }
        };
        Exception e = assertThrows(
                ExportException.class,
                () -> ExportedProgram.of(net, Torch.randn(8, 2), o -> o.dynamic("input", 0, Dim.of("batch", 1, 64))));
        assertTrue(e.getMessage().contains("operator 0, aten::narrow"), e::getMessage);
        assertTrue(e.getMessage().contains("'length' = 4 for batch = 8, 5 for batch = 10"), e::getMessage);
    }

    @Test
    void dimensionsThatDoNotExistAreRefused() {
        Net net = new Net();
        Tensor x = Torch.randn(5, 4);
        Dim batch = Dim.of("batch", 1, 4);
        assertThrows(IllegalArgumentException.class, () -> ExportedProgram.of(net, x, o -> o.dynamic("x", 0, batch)));
        assertThrows(
                IllegalArgumentException.class, () -> ExportedProgram.of(net, x, o -> o.dynamic("input", 2, batch)));
        assertThrows(
                IllegalArgumentException.class, () -> ExportedProgram.of(net, x, o -> o.dynamic("input", 0, batch)));
        assertThrows(IllegalArgumentException.class, () -> Dim.of("batch", 3, 3));
    }

    // --- values ------------------------------------------------------------------------------------------------

    private static final class Reads extends Module<Tensor, Tensor> {
        final java.util.function.Function<Tensor, Tensor> body;

        Reads(java.util.function.Function<Tensor, Tensor> body) {
            this.body = body;
        }

        @Override
        protected Tensor forward(Tensor x) {
            return body.apply(x);
        }
    }

    @Test
    void readingValuesIsRefusedWithThePlace() {
        List<java.util.function.Function<Tensor, Tensor>> bodies = List.of(
                x -> x.sum().item() > 0 ? x : x.neg(),
                x -> x.sum().itemLong() > 0 ? x : x.neg(),
                x -> x.add(1).toFloatArray()[0] > 0 ? x : x.neg(),
                x -> x.gt(0).toBooleanArray()[0] ? x : x.neg(),
                x -> x.toDoubleArray()[0] > 0 ? x : x.neg(),
                x -> x.byteBuffer().get(0) > 0 ? x : x.neg(),
                x -> x.equal(x.neg()) ? x : x.neg(),
                x -> x.nonzero(),
                x -> x.maskedSelect(x.gt(0)),
                x -> Torch.arange(3).repeatInterleave(x.abs().to(DType.INT64)),
                x -> x.index(TensorIndex.tensor(x.gt(0))));
        for (int i = 0; i < bodies.size(); i++) {
            Reads net = new Reads(bodies.get(i));
            int number = i;
            ExportException e = assertThrows(
                    ExportException.class, () -> ExportedProgram.of(net, Torch.randn(3)), () -> "body " + number);
            assertTrue(e.getMessage().contains("org.jtorch.export.RecordTest."), e::getMessage);
            assertTrue(e.getMessage().contains("RecordTest.java:"), e::getMessage);
        }
    }

    @Test
    void valuesOfConstantsMayBeRead() {
        Reads net = new Reads(x -> x.maskedSelect(Torch.arange(3).lt(5))
                .mul(Torch.tensor(2.0).add(1).item()));
        Tensor x = Torch.randn(3);
        assertClose(
                x.mul(3),
                ExportedProgram.of(net, x).module(Tensor.class, Tensor.class).call(x));
    }

    @Test
    void aConstantThatDependsOnValuesIsRefused() {
        Tensor[] hidden = new Tensor[1];
        Reads net = new Reads(x -> {
            Tensor leaf = x.detach().requiresGrad_();
            hidden[0] = Autograd.grad(leaf.square().sum(), leaf);
            return x.add(hidden[0]);
        });
        ExportException e = assertThrows(ExportException.class, () -> ExportedProgram.of(net, Torch.randn(3)));
        assertTrue(e.getMessage().contains("constant"), e::getMessage);
    }

    // --- state -------------------------------------------------------------------------------------------------

    private static final class Counter extends Module<Tensor, Tensor> {
        Buffer steps = new Buffer(Torch.zeros(1));
        Buffer mean = new Buffer(Torch.zeros(2));
        Buffer hidden = new Buffer(Torch.ones(2), o -> o.persistent(false));

        @Override
        protected Tensor forward(Tensor x) {
            steps.add_(1);
            mean.set(mean.mul(0.5).add(x.mean(0)));
            return x.sub(mean).mul(hidden).add(steps);
        }
    }

    @Test
    void buffersAreChanged() {
        Counter net = new Counter();
        Tensor x = Torch.randn(3, 2);
        ExportedProgram recorded = ExportedProgram.of(net, x);
        assertEquals(0.0, net.steps.item(), "recording changed a buffer");
        assertEquals(0.0, net.mean.abs().sum().item(), "recording changed a buffer");
        ExportedProgram program = written(recorded);
        assertEquals(List.of("steps", "mean"), List.copyOf(program.stateDict().keySet()));
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        for (int i = 0; i < 3; i++) {
            Tensor other = Torch.randn(3, 2);
            assertClose(net.call(other), module.call(other));
        }
        assertEquals(3.0, module.getBuffer("steps").item());
        assertClose(net.mean, module.getBuffer("mean"));
    }

    @Test
    void batchNormalizationInTrainingModeUpdatesItsBuffers() {
        Sequential net = new Sequential(new Linear(4, 3), new BatchNorm1d(3), new Dropout(0.5));
        Tensor x = Torch.randn(6, 4);
        Generator generator = Generator.defaultGenerator();
        long[] before = generator.getState().toLongArray();
        ExportedProgram program = written(ExportedProgram.of(net, x));
        assertArrayEquals(before, generator.getState().toLongArray(), "recording drew random numbers");
        assertEquals(0.0, net.stateDict().get("1.running_mean").abs().sum().item(), "recording changed a buffer");
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        Torch.manualSeed(5);
        Tensor expected = net.call(x);
        Torch.manualSeed(5);
        assertClose(expected, module.call(x));
        assertEquals(1, module.getBuffer("1.num_batches_tracked").itemLong());
        assertClose(net.stateDict().get("1.running_mean"), module.getBuffer("1.running_mean"));
    }

    private static final class Tied extends Module<Tensor, Tensor> {
        Embedding embedding = new Embedding(6, 4);
        Linear head = new Linear(4, 6, o -> o.bias(false));

        Tied() {
            head.weight = embedding.weight;
        }

        @Override
        protected Tensor forward(Tensor ids) {
            return head.call(embedding.call(ids));
        }
    }

    @Test
    void tiedWeightsStayTied() {
        Tied net = new Tied();
        Tensor ids = Torch.tensor(new long[] {0, 3, 5});
        ExportedProgram program = written(ExportedProgram.of(net, ids));
        assertEquals(
                List.of("embedding.weight", "head.weight"),
                List.copyOf(program.stateDict().keySet()));
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        assertSame(module.getParameter("embedding.weight"), module.getParameter("head.weight"));
        net.call(ids).square().mean().backward();
        module.call(ids).square().mean().backward();
        assertClose(grad(net.head.weight), grad(module.getParameter("head.weight")));
    }

    @Test
    void otherTensorsAreConstants() {
        Tensor kept = Torch.randn(3);
        Reads net = new Reads(x -> x.add(kept).mul(Torch.tensor(new float[] {1, 2, 3})));
        ExportedProgram program = written(ExportedProgram.of(net, Torch.randn(3)));
        assertEquals(
                List.of("lifted_tensor_0", "lifted_tensor_1"),
                List.copyOf(program.constants().keySet()));
        assertTrue(program.stateDict().isEmpty());
        assertEquals(
                "c_lifted_tensor_0", program.signature().inputSpecs().get(0).input());
        Tensor x = Torch.randn(3);
        assertClose(net.call(x), program.module(Tensor.class, Tensor.class).call(x));
    }

    @Test
    void stateThatIsNoBufferIsRefused() {
        Tensor state = Torch.zeros(3);
        Reads net = new Reads(x -> state.add_(x));
        ExportException e = assertThrows(ExportException.class, () -> ExportedProgram.of(net, Torch.randn(3)));
        assertTrue(e.getMessage().contains("make it a Buffer"), e::getMessage);
        Tensor weight = Torch.randn(3).requiresGrad_();
        Reads unregistered = new Reads(x -> x.mul(weight));
        e = assertThrows(ExportException.class, () -> ExportedProgram.of(unregistered, Torch.randn(3)));
        assertTrue(e.getMessage().contains("make it a Parameter"), e::getMessage);
    }

    @Test
    void inPlaceOperatorsStay() {
        Reads net = new Reads(x -> {
            Tensor y = x.mul(2);
            y.narrow(0, 0, 1).add_(5);
            return y.relu_();
        });
        Tensor x = Torch.tensor(new float[] {-1, 1, 2});
        ExportedProgram program = written(ExportedProgram.of(net, x));
        assertTrue(program.graph().toString().contains("relu_"), program::toString);
        assertClose(net.call(x), program.module(Tensor.class, Tensor.class).call(x));
    }

    // --- gradients ---------------------------------------------------------------------------------------------

    @Test
    void noGradientFlowsThroughNoGrad() {
        Reads net = new Reads(x -> x.mul(Autograd.noGrad(() -> x.exp())));
        Tensor x = Torch.randn(3).requiresGrad_();
        ExportedProgram program = written(ExportedProgram.of(net, x));
        Tensor a = Torch.randn(3).requiresGrad_();
        program.module(Tensor.class, Tensor.class).call(a).sum().backward();
        Tensor grad = a.grad();
        assertNotNull(grad);
        assertClose(a.detach().exp(), grad);
    }

    @Test
    void aProgramRecordedWithoutGradientsCanBeTrained() {
        Net net = new Net();
        Tensor x = Torch.randn(5, 4);
        ExportedProgram program;
        try (var mode = Autograd.inferenceMode()) {
            program = ExportedProgram.of(net, x);
        }
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        module.call(x).sum().backward();
        assertNotNull(module.getParameter("fc1.weight").grad());
    }

    private static final class Square extends org.jtorch.autograd.Function {
        @Override
        protected List<Tensor> forward(org.jtorch.autograd.Context ctx, List<Tensor> inputs) {
            return List.of(inputs.get(0).square());
        }

        @Override
        protected List<? extends @Nullable Tensor> backward(
                org.jtorch.autograd.Context ctx, List<? extends Tensor> gradOutputs) {
            return List.of(gradOutputs.get(0));
        }
    }

    @Test
    void customGradientsAndAutocastAreRefused() {
        Linear fc = new Linear(3, 3);
        Reads net = new Reads(x -> new Square().apply(fc.call(x)));
        net.registerModule("fc", fc);
        ExportException e = assertThrows(ExportException.class, () -> ExportedProgram.of(net, Torch.randn(2, 3)));
        assertTrue(e.getMessage().contains("custom autograd Function"), e::getMessage);
        Reads casting = new Reads(x -> {
            try (Autocast autocast = Autocast.cpu()) {
                return x.matmul(x);
            }
        });
        e = assertThrows(ExportException.class, () -> ExportedProgram.of(casting, Torch.randn(3, 3)));
        assertTrue(e.getMessage().contains("autocast at org.jtorch.export.RecordTest"), e::getMessage);
    }

    @Test
    void checkpointedPartsAreRecordedWithTheirGradients() {
        Linear fc = new Linear(3, 3);
        Reads net = new Reads(x -> Checkpointing.checkpoint(fc, x));
        net.registerModule("fc", fc);
        Tensor x = Torch.randn(2, 3);
        ExportedModule<Tensor, Tensor> module =
                written(ExportedProgram.of(net, x)).module(Tensor.class, Tensor.class);
        module.call(x).square().sum().backward();
        net.call(x).square().sum().backward();
        assertClose(grad(fc.weight), grad(module.getParameter("fc.weight")));
    }

    @Test
    void parametrizedWeightsAreComputed() {
        Linear fc = Parametrizations.spectralNorm(new Linear(4, 5));
        ExportedProgram program = written(ExportedProgram.of(fc, Torch.randn(3, 4)));
        assertEquals(fc.stateDict().keySet(), program.stateDict().keySet());
        ExportedModule<Tensor, Tensor> module = program.module(Tensor.class, Tensor.class);
        for (int i = 0; i < 2; i++) {
            Tensor x = Torch.randn(3, 4);
            assertClose(fc.call(x), module.call(x));
        }
        fc.stateDict()
                .forEach(
                        (name, tensor) -> assertClose(tensor, module.stateDict().get(name)));
    }

    // --- inputs and outputs ------------------------------------------------------------------------------------

    private static final class Pair extends Module<Pair.Input, Pair.Output> {
        record Input(
                Tensor inputIds,
                @Nullable Tensor attentionMask,
                @Nullable Tensor unused) {}

        record Output(Tensor lastHidden, @Nullable Tensor nothing, List<Tensor> layers, Map<String, Object> more) {}

        Linear fc = new Linear(3, 2);

        @Override
        protected Output forward(Input in) {
            Tensor x =
                    in.attentionMask() == null ? in.inputIds() : in.inputIds().mul(in.attentionMask());
            Tensor y = fc.call(x);
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("count", 3L);
            more.put("sum", y.sum());
            return new Output(y, null, List.of(x, y.relu()), more);
        }
    }

    @Test
    void recordsListsAndMapsAreKept() {
        Pair net = new Pair();
        Pair.Input in = new Pair.Input(Torch.randn(4, 3), Torch.ones(4, 3), null);
        ExportedProgram program = written(ExportedProgram.of(net, in));
        assertEquals(
                List.of("input_ids", "attention_mask"),
                program.signature().inputSpecs().stream()
                        .filter(InputSpec.UserInput.class::isInstance)
                        .map(InputSpec::input)
                        .toList());
        Pair.Input other = new Pair.Input(Torch.randn(4, 3), Torch.rand(4, 3), null);
        Pair.Output expected = net.call(other);
        Pair.Output actual = program.module(Pair.Input.class, Pair.Output.class).call(other);
        assertClose(expected.lastHidden(), actual.lastHidden());
        assertNull(actual.nothing());
        assertClose(expected.layers().get(1), actual.layers().get(1));
        assertEquals(3L, actual.more().get("count"));
        Map<?, ?> map = assertInstanceOf(
                Map.class,
                program.module()
                        .call(Inputs.of()
                                .with("input_ids", other.inputIds())
                                .with("attention_mask", other.attentionMask())));
        assertEquals(List.of("last_hidden", "nothing", "layers", "more"), List.copyOf(map.keySet()));
    }

    @Test
    void argumentsByNameAndConstants() {
        Pair net = new Pair();
        ExportedProgram program =
                written(ExportedProgram.of(net, Inputs.of(Torch.randn(4, 3)).with("attention_mask", Torch.ones(4, 3))));
        Tensor x = Torch.randn(4, 3);
        Tensor mask = Torch.rand(4, 3);
        Map<?, ?> map = (Map<?, ?>) program.module().call(Inputs.of(x).with("attention_mask", mask));
        assertClose(net.call(new Pair.Input(x, mask, null)).lastHidden(), (Tensor) map.get("last_hidden"));
        Inputs example = program.exampleInputs();
        assertNotNull(example);
        assertEquals(List.of("attention_mask"), List.copyOf(example.kwargs().keySet()));
        Module<Object, Tensor> scaled = new Module<>() {
            @Override
            protected Tensor forward(Object input) {
                List<?> in = (List<?>) input;
                return ((Tensor) in.get(0)).mul((Double) in.get(1));
            }
        };
        ExportedProgram constant = written(ExportedProgram.of(scaled, Inputs.of(List.of(x, 2.5))));
        assertClose(x.mul(2.5), constant.module(Inputs.class, Tensor.class).call(Inputs.of(List.of(x, 2.5))));
        assertThrows(IllegalArgumentException.class, () -> constant.module(Inputs.class, Tensor.class)
                .call(Inputs.of(List.of(x, 3.0))));
    }

    @Test
    void oneTensorMayBePassedTwice() {
        Module<Object, Tensor> net = new Module<>() {
            @Override
            protected Tensor forward(Object input) {
                List<?> in = (List<?>) input;
                return ((Tensor) in.get(0)).sub((Tensor) in.get(1));
            }
        };
        Tensor x = Torch.randn(2);
        ExportedProgram program = ExportedProgram.of(net, Inputs.of(Arrays.asList(x, x)));
        Tensor a = Torch.randn(2);
        Tensor b = Torch.randn(2);
        assertClose(a.sub(b), program.module(Inputs.class, Tensor.class).call(Inputs.of(List.of(a, b))));
    }

    @Test
    void otherObjectsAreRefused() {
        Module<Object, Object> net = new Module<>() {
            @Override
            protected Object forward(Object input) {
                return new StringBuilder("text");
            }
        };
        ExportException e =
                assertThrows(ExportException.class, () -> ExportedProgram.of(net, Inputs.of(Torch.randn(2))));
        assertTrue(e.getMessage().contains("StringBuilder"), e::getMessage);
    }

    @Test
    void conversionsAndFactoriesKeepTheirDtype() {
        Reads net = new Reads(x -> x.to(DType.FLOAT64)
                .add(Torch.arange(0, 3).to(DType.FLOAT64))
                .add(Torch.zeros(3).to(DType.FLOAT64))
                .to(DType.FLOAT16)
                .to(DType.FLOAT32));
        Tensor x = Torch.randn(3);
        ExportedProgram program = written(ExportedProgram.of(net, x));
        Tensor y = program.module(Tensor.class, Tensor.class).call(x);
        assertEquals(DType.FLOAT32, y.dtype());
        assertClose(net.call(x), y);
    }

    @Test
    void aConvolutionalNetworkWithItsImages() {
        Sequential net = new Sequential(new Conv2d(3, 4, 3, o -> o.padding(1)), new ReLU(), new Conv2d(4, 2, 3));
        Tensor x = Torch.randn(2, 3, 8, 8);
        Dim batch = Dim.of("batch", 1, 16);
        Dim height = Dim.of("height", 3, 64);
        ExportedProgram program =
                ExportedProgram.of(net, x, o -> o.dynamic("input", 0, batch).dynamic("input", 2, height));
        Tensor other = Torch.randn(5, 3, 12, 8);
        assertClose(net.call(other), program.module(Tensor.class, Tensor.class).call(other));
        assertFalse(program.rangeConstraints().isEmpty());
    }
}
