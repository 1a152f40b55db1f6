package org.jtorch.serialize;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Buffer;
import org.jtorch.nn.Module;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.spec.ModuleSpec;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code model.json} and {@code model.safetensors}, written and loaded. */
class ModelFileTest {

    private static final ModuleSpec CNN = cnn();

    @TempDir
    Path folder;

    private Path json;

    @BeforeEach
    void begin() {
        json = folder.resolve("model.json");
        Torch.manualSeed(1);
    }

    private static ModuleSpec cnn() {
        Map<String, Object> layers = new LinkedHashMap<>();
        layers.put("conv", ModuleSpec.of("Conv2d", List.of(1, 4, 3), Map.of("padding", 1)));
        layers.put("bn", ModuleSpec.of("BatchNorm2d", 4));
        layers.put("act", ModuleSpec.of("ReLU"));
        layers.put("pool", ModuleSpec.of("AdaptiveAvgPool2d", 2));
        layers.put("flat", ModuleSpec.of("Flatten"));
        layers.put("fc", ModuleSpec.of("Linear", 16, 10));
        return ModuleSpec.of("Sequential", layers);
    }

    @SuppressWarnings("unchecked")
    private static Module<Tensor, Tensor> tensorModule(ModuleSpec spec) {
        return (Module<Tensor, Tensor>) spec.build();
    }

    // --- both ways ---------------------------------------------------------------------------------------------

    @Test
    void aLoadedModelGivesTheSameBits() throws IOException {
        Module<Tensor, Tensor> model = tensorModule(CNN);
        Tensor x = Torch.randn(2, 1, 8, 8);
        model.call(x); // moves the statistics of the normalisation
        ModelFile.save(json, CNN, model);
        assertEquals(CNN.toJson() + "\n", Files.readString(json));
        assertEquals(Optional.of(folder.resolve("model.safetensors")), ModelFile.weights(json));
        Module<Tensor, Tensor> again;
        try (TensorScope scope = new TensorScope()) { // a module outlives the scope that it is loaded in
            again = ModelFile.loadTensorModule(json);
        }
        assertEquals(model.toString(), again.toString());
        assertTrue(again.isTraining());
        assertTrue(again.parameters().stream().allMatch(Tensor::requiresGrad));
        assertTrue(model.infer(x).equal(again.infer(x)));
        // it can be trained, and the file does not notice
        again.call(x).sum().backward();
        again.getParameter("fc.weight").detach().zero_();
        assertTrue(model.infer(x).equal(ModelFile.loadTensorModule(json).infer(x)));
        ModelFile.save(json, CNN, again); // over the file that its weights are mapped from
        assertTrue(again.infer(x).equal(ModelFile.loadTensorModule(json).infer(x)));
    }

    @Test
    void loadingDrawsNoRandomNumbers() {
        ModelFile.save(json, CNN, CNN.build());
        Torch.manualSeed(5);
        float[] expected = Torch.randn(3).toFloatArray();
        Torch.manualSeed(5);
        ModelFile.load(json);
        assertArrayEquals(expected, Torch.randn(3).toFloatArray());
    }

    @Test
    void theWeightsDtypeIsTheFiles() {
        Module<Tensor, Tensor> model = tensorModule(CNN);
        model.to(DType.FLOAT64);
        ModelFile.save(json, CNN, model);
        Tensor x = Torch.randn(2, 1, 8, 8).to(DType.FLOAT64);
        assertTrue(model.infer(x).equal(ModelFile.loadTensorModule(json).infer(x)));
        Module<?, ?> converted = ModelFile.load(json, o -> o.load(l -> l.dtype(DType.BFLOAT16)));
        assertEquals(DType.BFLOAT16, converted.getParameter("fc.weight").dtype());
    }

    @Test
    void weightsOfEachFormAreFoundInThisOrder() throws IOException {
        Module<?, ?> model = CNN.build();
        Files.writeString(json, CNN.toJson());
        assertEquals(Optional.empty(), ModelFile.weights(json));
        Checkpoint.save(folder.resolve("model.pt"), model.stateDict());
        holds(model, 1);
        Path whole = folder.resolve("model.safetensors");
        Path index = Checkpoint.saveSharded(whole, scaled(model, 2), Map.of(), 600);
        assertEquals(folder.resolve("model.safetensors.index.json"), index);
        holds(model, 2);
        Checkpoint.saveSafetensors(whole, scaled(model, 3));
        holds(model, 3);
    }

    private static Map<String, Tensor> scaled(Module<?, ?> model, int by) {
        Map<String, Tensor> scaled = new LinkedHashMap<>();
        model.stateDict().forEach((key, value) -> scaled.put(key, value.mul(by)));
        return scaled;
    }

    private void holds(Module<?, ?> model, int times) {
        Tensor weight = model.getParameter("fc.weight").detach().mul(times);
        assertTrue(weight.equal(ModelFile.load(json).getParameter("fc.weight").detach()), times + " times");
    }

    @Test
    void aModelThatTakesMoreThanATensorIsCast() {
        ModuleSpec spec = ModuleSpec.of("LSTM", List.of(3, 4), Map.of("num_layers", 2, "bidirectional", true));
        LSTM lstm = (LSTM) spec.build();
        ModelFile.save(json, spec, lstm);
        Tensor x = Torch.randn(5, 2, 3);
        LSTM again = (LSTM) ModelFile.load(json);
        assertTrue(lstm.call(x).output().equal(again.call(x).output()));
        String message = assertThrows(CheckpointException.class, () -> ModelFile.loadTensorModule(json))
                .getMessage();
        assertTrue(
                message.contains("LSTM takes LSTM.Input and returns LSTM.Output, not tensors: load it with load(path)"),
                message);
    }

    @Test
    void lazyModulesTakeTheirShapesFromTheFile() {
        ModuleSpec spec = ModuleSpec.of(
                "Sequential",
                ModuleSpec.of("LazyConv2d", 3, 2),
                ModuleSpec.of("LazyBatchNorm2d"),
                ModuleSpec.of("Flatten"),
                ModuleSpec.of("LazyLinear", 4));
        Module<Tensor, Tensor> model = tensorModule(spec);
        refused("'0.weight' has no shape yet: call the lazy module once", spec, model);
        Tensor x = Torch.randn(2, 1, 3, 3);
        model.call(x);
        ModelFile.save(json, spec, model);
        Module<Tensor, Tensor> again = ModelFile.loadTensorModule(json);
        assertTrue(model.infer(x).equal(again.infer(x)));
        assertEquals(model.toString(), again.toString());
    }

    // --- classes of users --------------------------------------------------------------------------------------

    /** Makes what no state dict has: by layers' options, and by its own code. */
    static final class Kept extends Module<Tensor, Tensor> {
        Linear fc = new Linear(2, 2);

        Buffer scale;

        Kept(boolean ownCode) {
            Tensor values = ownCode
                    ? Torch.full(new long[] {2}, 3)
                    : new Linear(2, 2, o -> o.bias(false))
                            .weight
                            .detach()
                            .mul(0)
                            .add(3)
                            .select(0, 0);
            scale = new Buffer(values, o -> o.persistent(false));
        }

        @Override
        protected Tensor forward(Tensor x) {
            return fc.call(x).mul(scale);
        }
    }

    /** Computes with the values that it draws. */
    static final class Computing extends Module<Tensor, Tensor> {
        Linear fc = new Linear(2, 2);
        double largest = fc.weight.detach().abs().max().item();

        @Override
        protected Tensor forward(Tensor x) {
            return fc.call(x);
        }
    }

    /** Ties two layers, by one object or by one memory. */
    static final class Tied extends Module<Tensor, Tensor> {
        Linear first = new Linear(3, 3, o -> o.bias(false));
        Linear second = new Linear(3, 3, o -> o.bias(false));

        Tied(boolean object) {
            if (object) {
                second.weight = first.weight;
            } else {
                second.weight = new Parameter(first.weight.data());
            }
        }

        @Override
        protected Tensor forward(Tensor x) {
            return second.call(first.call(x));
        }
    }

    @Test
    void whatTheFileDoesNotHaveIsMade() {
        ModuleSpec.register("ModelFileKept(own_code)", a -> new Kept(a.bool("own_code")));
        ModuleSpec.register("ModelFileComputing()", a -> new Computing());
        for (ModuleSpec spec : List.of(
                ModuleSpec.of("ModelFileKept", true),
                ModuleSpec.of("ModelFileKept", false),
                ModuleSpec.of("ModelFileComputing"))) {
            Module<Tensor, Tensor> model = tensorModule(spec);
            ModelFile.save(json, spec, model);
            Tensor x = Torch.randn(4, 2);
            assertTrue(model.infer(x).equal(ModelFile.loadTensorModule(json).infer(x)), spec.toString());
        }
    }

    @Test
    void tiedWeightsStayTied() {
        ModuleSpec.register("ModelFileTied(object)", a -> new Tied(a.bool("object")));
        for (boolean object : new boolean[] {true, false}) {
            ModuleSpec spec = ModuleSpec.of("ModelFileTied", object);
            Tied model = (Tied) spec.build();
            ModelFile.save(json, spec, model);
            Tied again = (Tied) ModelFile.load(json);
            assertEquals(object, again.first.weight == again.second.weight);
            assertTrue(model.first.weight.equal(again.first.weight));
            try (var mode = org.jtorch.autograd.Autograd.noGrad()) {
                again.first.weight.fill_(2);
            }
            assertTrue(again.first.weight.equal(again.second.weight), "tied by " + (object ? "object" : "memory"));
            assertFalse(model.first.weight.equal(again.first.weight));
        }
    }

    // --- what is not saved -------------------------------------------------------------------------------------

    @Test
    void aSpecThatDoesNotDescribeTheModuleIsRefused() {
        ModuleSpec two = ModuleSpec.of("Sequential", ModuleSpec.of("Linear", 3, 3), ModuleSpec.of("Linear", 3, 3));
        Sequential model = (Sequential) two.build();
        ModuleSpec smaller = ModuleSpec.of("Sequential", ModuleSpec.of("Linear", 3, 3), ModuleSpec.of("Linear", 3, 4));
        refused("size mismatch for 1.weight", smaller, model);
        ModuleSpec one = ModuleSpec.of("Sequential", ModuleSpec.of("Linear", 3, 3));
        refused("Unexpected key(s) in state_dict: \"1.weight\"", one, model);
        refused("Missing key(s) in state_dict: \"1.weight\"", two, one.build());
        ModuleSpec tanh = ModuleSpec.of("Sequential", ModuleSpec.of("Linear", 3, 3), ModuleSpec.of("Tanh"));
        refused(
                "'1' is ReLU(), and Tanh() in a module of the spec",
                tanh,
                new Sequential(new Linear(3, 3), new ReLU()));
        Linear shared = new Linear(3, 3);
        refused(
                "'1.weight' and '0.weight' are one tensor in the module, and two in a module of the spec",
                two,
                new Sequential(shared, shared));
        refused(
                "args[0]: a live Linear is not data: give a ModuleSpec",
                ModuleSpec.of("Sequential", shared),
                new Sequential(shared));
    }

    @Test
    void stateThatIsNoTensorIsRefused() {
        ModuleSpec.register("ModelFileCounting()", a -> new Counting());
        refused("'_extra_state' is not a tensor", ModuleSpec.of("ModelFileCounting"), new Counting());
    }

    static final class Counting extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }

        @Override
        public Object getExtraState() {
            return 3L;
        }

        @Override
        public void setExtraState(@Nullable Object state) {}
    }

    /** And nothing is written. */
    private void refused(String reason, ModuleSpec spec, Module<?, ?> module) {
        String message = assertThrows(IllegalArgumentException.class, () -> ModelFile.save(json, spec, module))
                .getMessage();
        assertTrue(message.contains(reason), message);
        assertEquals(List.of(), names());
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        for (String file : java.util.Objects.requireNonNull(folder.toFile().list())) {
            names.add(file);
        }
        return names;
    }

    // --- what is not loaded ------------------------------------------------------------------------------------

    @Test
    void withoutWeightsAModelIsFreshOnlyOnRequest() throws IOException {
        Files.writeString(json, CNN.toJson());
        notLoaded("there are no weights next to it: none of model.safetensors, model.safetensors.index.json, model.pt");
        Torch.manualSeed(4);
        Module<Tensor, Tensor> fresh = ModelFile.loadTensorModule(json, o -> o.freshWeights(true));
        Torch.manualSeed(4);
        assertTrue(CNN.build().getParameter("fc.weight").equal(fresh.getParameter("fc.weight")));
        // if there are weights, they are loaded
        ModelFile.save(json, CNN, fresh);
        Module<?, ?> loaded = ModelFile.load(json, o -> o.freshWeights(true));
        assertNotSame(fresh, loaded);
        assertTrue(fresh.getParameter("fc.weight").equal(loaded.getParameter("fc.weight")));
    }

    @Test
    void whatIsBrokenOrDoesNotFitIsRefused() throws IOException {
        notLoaded("there is no such file");
        Files.writeString(json, "{\"module\": \"Sequential\", \"args\": [{\"module\": \"Lin\"}]}");
        notLoaded("args[0] (line 1, column 35): no module is called 'Lin'");
        Files.writeString(json, "{\"module\": ");
        notLoaded("broken JSON");
        Files.writeString(json, "{\"module\": \"Linear\", \"args\": [3, \"four\"]}");
        notLoaded("there are no weights");
        Checkpoint.saveSafetensors(
                folder.resolve("model.safetensors"), CNN.build().stateDict());
        notLoaded("Linear's argument 'out_features' is four");
        Files.writeString(json, "{\"module\": \"Linear\", \"args\": [3, -4]}");
        notLoaded("negative dimension");
        Files.writeString(json, "{\"module\": \"Linear\", \"args\": [16, 10]}");
        CheckpointException e = assertThrows(CheckpointException.class, () -> ModelFile.load(json));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(folder.resolve("model.safetensors") + ": does not fit " + json), message);
        assertTrue(message.contains("Missing key(s) in state_dict: \"weight\", \"bias\""), message);
        Files.writeString(folder.resolve("model.safetensors"), "no weights");
        assertThrows(CheckpointException.class, () -> ModelFile.load(json));
        Path other = folder.resolve("model.txt");
        String name = assertThrows(CheckpointException.class, () -> ModelFile.load(other))
                .getMessage();
        assertTrue(name.contains("a model file is called NAME.json"), name);
        assertThrows(CheckpointException.class, () -> ModelFile.save(other, CNN, CNN.build()));
    }

    private void notLoaded(String reason) {
        String message = assertThrows(CheckpointException.class, () -> ModelFile.load(json))
                .getMessage();
        assertTrue(message.startsWith(json + ": ") && message.contains(reason), message);
    }

    @Test
    void oneStorageHasOneNumber() {
        Tensor tensor = Torch.zeros(4);
        assertEquals(tensor.storageId(), tensor.narrow(0, 1, 2).storageId());
        Tensor meta = tensor.to(org.jtorch.Device.META);
        assertEquals(meta.storageId(), meta.view(2, 2).storageId());
        assertTrue(meta.storageId() != tensor.to(org.jtorch.Device.META).storageId());
        assertSame(Optional.empty(), ModelFile.weights(json));
    }
}
