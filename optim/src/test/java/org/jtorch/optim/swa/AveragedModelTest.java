package org.jtorch.optim.swa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.DType;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm1d;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Averaged models have PyTorch's weights; {@code parity/record/schedulers.py} recorded them. */
class AveragedModelTest {

    private final TensorScope scope = new TensorScope();

    @AfterEach
    void end() {
        scope.close();
    }

    private static JsonNode recorded() throws IOException {
        try (InputStream in = AveragedModelTest.class.getResourceAsStream("averages.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    /** The formula with which the recording fills tensors. */
    private static Tensor values(double seed, long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Torch.arange(0, count, 1, TensorOptions.of(DType.FLOAT64))
                .mul(1.7)
                .add(seed)
                .sin()
                .view(shape);
    }

    private static Sequential model() {
        Sequential model = new Sequential(new Linear(3, 2), new BatchNorm1d(2));
        model.to(DType.FLOAT64);
        return model;
    }

    private static void fill(Sequential model, int step) {
        try (GradMode mode = Autograd.noGrad()) {
            int k = 0;
            for (Parameter parameter : model.parameters()) {
                parameter.copy_(values(step * 0.9 + k++, parameter.shape()));
            }
            BatchNorm1d norm = model.getSubmodule("1", BatchNorm1d.class);
            Objects.requireNonNull(norm.runningMean).copy_(Torch.tensor(new double[] {step * 0.5, -step}));
            Objects.requireNonNull(norm.numBatchesTracked).fill_(3 * step);
        }
    }

    private static Consumer<AveragedModel.Options> way(String name) {
        return switch (name) {
            case "equal" -> o -> {};
            case "ema" -> o -> o.avgFn(SwaUtils.getEmaAvgFn(0.9));
            case "ema_default" -> o -> o.avgFn(SwaUtils.getEmaAvgFn());
            case "ema_multi" -> o -> o.multiAvgFn(SwaUtils.getEmaMultiAvgFn(0.9));
            case "swa" -> o -> o.avgFn(SwaUtils.getSwaAvgFn());
            case "swa_multi" -> o -> o.multiAvgFn(SwaUtils.getSwaMultiAvgFn());
            case "own" -> o -> o.avgFn((a, p, n) -> a.mul(0.25).add(p.mul(0.75 + 0.01 * n)));
            case "own_multi" ->
                o -> o.multiAvgFn((a, p, n) ->
                        Operator.find("aten::_foreach_lerp_", "Scalar").call(a, p, 0.5 / (n + 1)));
            default -> throw new AssertionError(name);
        };
    }

    @TestFactory
    List<DynamicTest> twentyUpdatesAreAsInPython() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode test : recorded().get("averages")) {
            boolean useBuffers = test.get("use_buffers").asBoolean();
            String name = test.get("way").asText();
            tests.add(DynamicTest.dynamicTest(name + (useBuffers ? " with buffers" : ""), () -> {
                Sequential model = model();
                AveragedModel<Tensor, Tensor> average =
                        new AveragedModel<>(model, o -> way(name).accept(o.useBuffers(useBuffers)));
                List<String> keys = new ArrayList<>();
                test.get("keys").forEach(key -> keys.add(key.asText()));
                assertEquals(keys, List.copyOf(average.stateDict().keySet()));
                int step = 0;
                for (JsonNode expected : test.get("updates")) {
                    fill(model, step);
                    average.updateParameters(model);
                    assertEquals(++step, average.nAveraged());
                    assertClose(expected, flat(average), "update " + step);
                }
            }));
        }
        assertEquals(14, tests.size());
        return tests;
    }

    private static double[] flat(Module<?, ?> module) {
        return module.stateDict().values().stream()
                .flatMapToDouble(tensor -> java.util.Arrays.stream(
                        tensor.to(DType.FLOAT64).flatten().toDoubleArray()))
                .toArray();
    }

    private static void assertClose(JsonNode expected, double[] actual, String where) {
        assertEquals(expected.size(), actual.length, where);
        for (int i = 0; i < actual.length; i++) {
            double value = expected.get(i).asDouble();
            assertEquals(value, actual[i], 1e-12 * Math.max(1e-3, Math.abs(value)), where + ", value " + i);
        }
    }

    @Test
    void batchNormIsUpdatedAsInPython() throws IOException {
        Sequential model = new Sequential(
                new Linear(3, 4),
                new BatchNorm1d(4),
                new ReLU(),
                new Linear(4, 2),
                new BatchNorm1d(2, o -> o.momentum(0.3)));
        model.to(DType.FLOAT64);
        model.eval();
        try (GradMode mode = Autograd.noGrad()) {
            int k = 0;
            for (Parameter parameter : model.parameters()) {
                parameter.copy_(values(k++, parameter.shape()));
            }
            model.getBuffer("1.running_mean").fill_(5);
        }
        List<Tensor> batches = new ArrayList<>();
        for (int step = 0; step < 5; step++) {
            batches.add(values(step * 1.1, 6, 3));
        }
        SwaUtils.updateBatchNorm(batches, model);
        JsonNode expected = recorded().get("batchNorm");
        for (int i = 0; i < 2; i++) {
            String name = i == 0 ? "1" : "4";
            assertClose(
                    expected.get("mean").get(i),
                    model.getBuffer(name + ".running_mean").toDoubleArray(),
                    name);
            assertClose(
                    expected.get("var").get(i),
                    model.getBuffer(name + ".running_var").toDoubleArray(),
                    name);
            assertEquals(
                    expected.get("batches").get(i).asLong(),
                    model.getBuffer(name + ".num_batches_tracked").itemLong());
            assertEquals(
                    expected.get("momentum").get(i).asDouble(),
                    model.getSubmodule(name, BatchNorm1d.class).momentum());
        }
        assertFalse(model.isTraining());
    }

    @Test
    void batchNormIsLeftAsItWasIfABatchFails() {
        BatchNorm1d norm = new BatchNorm1d(2);
        Sequential model = new Sequential(norm, new Sequential(new ReLU()).eval());
        IllegalStateException failure = assertThrows(
                IllegalStateException.class,
                () -> SwaUtils.updateBatchNorm(
                        List.of("batch"),
                        batch -> {
                            throw new IllegalStateException("broken " + batch);
                        },
                        model));
        assertEquals("broken batch", failure.getMessage());
        assertEquals(0.1, norm.momentum());
        assertTrue(model.isTraining());
        assertFalse(model.getSubmodule("1").isTraining());
    }

    @Test
    void aModelWithoutBatchNormIsNotCalled() {
        SwaUtils.updateBatchNorm(
                List.of("batch"),
                batch -> {
                    throw new AssertionError(batch);
                },
                new Sequential(new Linear(2, 2)));
    }

    @Test
    void isACopyThatIsCalledSavedAndLoaded(@TempDir Path folder) {
        Sequential model = model();
        AveragedModel<Tensor, Tensor> average = new AveragedModel<>(model, o -> o.avgFn(SwaUtils.getEmaAvgFn(0.5)));
        assertNotSame(model, average.module());
        fill(model, 1);
        average.updateParameters(model);
        fill(model, 2);
        average.updateParameters(model);
        Path file = folder.resolve("average.pt");
        Checkpoint.save(file, average.stateDict());
        AveragedModel<Tensor, Tensor> other = new AveragedModel<>(model(), o -> o.avgFn(SwaUtils.getEmaAvgFn(0.5)));
        other.loadStateDict(Checkpoint.load(file).stateDict());
        assertEquals(2, other.nAveraged());
        Tensor x = values(0, 4, 3);
        assertArrayEquals(
                average.infer(x).flatten().toDoubleArray(),
                other.infer(x).flatten().toDoubleArray());
        fill(model, 3);
        average.updateParameters(model);
        other.updateParameters(model);
        assertArrayEquals(flat(average), flat(other));
        AveragedModel<Tensor, Tensor> copy = Module.deepCopy(other);
        fill(model, 4);
        other.updateParameters(model);
        assertEquals(3, copy.nAveraged());
        copy.updateParameters(model);
        assertArrayEquals(flat(other), flat(copy));
    }

    @Test
    void gradientsAndScopesDoNotMatter() {
        Sequential model = model();
        AveragedModel<Tensor, Tensor> average = new AveragedModel<>(model);
        for (int step = 0; step < 3; step++) {
            try (TensorScope step0 = new TensorScope()) {
                model.call(values(step, 4, 3)).sum().backward();
                average.updateParameters(model);
            }
        }
        assertEquals(3, average.nAveraged());
        assertTrue(average.parameters().get(0).requiresGrad());
        assertArrayEquals(
                model.parameters().get(0).flatten().toDoubleArray(),
                average.parameters().get(0).flatten().toDoubleArray(),
                1e-15);
    }

    @Test
    void wholeNumbersOfTheModelAreAveragedTogetherWithFloats() {
        Sequential model = model();
        AveragedModel<Tensor, Tensor> average =
                new AveragedModel<>(model, o -> o.useBuffers(true).multiAvgFn(SwaUtils.getSwaMultiAvgFn()));
        fill(model, 0);
        average.updateParameters(model);
        fill(model, 3);
        average.updateParameters(model);
        assertEquals(4, average.getBuffer("module.1.num_batches_tracked").itemLong()); // (0 + 9) / 2, rounded to 0
    }

    @Test
    void anotherModelIsRefusedWithNothingChanged() {
        Sequential model = model();
        AveragedModel<Tensor, Tensor> average = new AveragedModel<>(model);
        double[] before = flat(average);
        assertMessage(
                "the model has 2 parameters, but the averaged one has 4: give the model that was copied",
                () -> average.updateParameters(new Linear(3, 2)));
        Sequential wider = new Sequential(new Linear(3, 5), new BatchNorm1d(5));
        assertMessage(
                "number 0 of the parameters has the shape [5, 3], but its average has [2, 3]: give the model that was"
                        + " copied",
                () -> average.updateParameters(wider));
        average.updateParameters(model);
        Sequential single = new Sequential(new Linear(3, 2), new BatchNorm1d(2));
        assertMessage(
                "number 0 of the parameters is of torch.float32, but its average of torch.float64: convert one of both models, or set"
                        + " avgFn, which may convert",
                () -> average.updateParameters(single));
        assertEquals(1, average.nAveraged());
        assertArrayEquals(java.util.Arrays.copyOfRange(before, 1, before.length), values(average));
    }

    private static double[] values(Module<?, ?> average) {
        double[] all = flat(average);
        return java.util.Arrays.copyOfRange(all, 1, all.length);
    }

    @Test
    void badArgumentsAreRefused() {
        assertMessage(
                "Invalid decay value 1.5 provided. Please provide a value in [0,1] range.",
                () -> SwaUtils.getEmaMultiAvgFn(1.5));
        assertMessage(
                "Invalid decay value nan provided. Please provide a value in [0,1] range.",
                () -> SwaUtils.getEmaAvgFn(Double.NaN));
        assertMessage(
                "Only one of avg_fn and multi_avg_fn should be provided",
                () -> new AveragedModel<>(
                        model(), o -> o.avgFn(SwaUtils.getSwaAvgFn()).multiAvgFn(SwaUtils.getSwaMultiAvgFn())));
    }

    private static void assertMessage(String message, org.junit.jupiter.api.function.Executable body) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, body).getMessage());
    }
}
