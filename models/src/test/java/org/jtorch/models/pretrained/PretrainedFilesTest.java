package org.jtorch.models.pretrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.Pretrained;
import org.jtorch.models.bert.BertConfig;
import org.jtorch.models.bert.BertForSequenceClassification;
import org.jtorch.models.bert.BertModel;
import org.jtorch.models.llama.LlamaForCausalLM;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads folders of BERT that are damaged, and such that are written in another way. */
class PretrainedFilesTest {

    private static final Path BERT = Path.of("src/test/resources/families/bert");

    @TempDir
    Path folder;

    @BeforeEach
    void copy() throws IOException {
        Files.copy(BERT.resolve("config.json"), folder.resolve("config.json"));
        Files.copy(BERT.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    }

    // --- the configuration -------------------------------------------------------------------------------------

    @Test
    void aMissingConfigurationIsSaid() throws IOException {
        Files.delete(folder.resolve("config.json"));
        assertRefused("config.json does not exist");
    }

    @ParameterizedTest
    @CsvSource({"not JSON", "'[1, 2]'", "''"})
    void aConfigurationThatIsNotAnObjectIsRefused(String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
        assertRefused("is not a JSON object");
    }

    @Test
    void nullIsNotAConfiguration() throws IOException {
        Files.writeString(folder.resolve("config.json"), "null");
        assertRefused("contains null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_size\": 16 | \"hidden_size\": \"wide\" | hidden_size = wide, but it must be a whole number",
                "\"hidden_size\": 16 | \"hidden_size\": 16.5 | hidden_size = 16.5",
                "\"is_decoder\": false | \"is_decoder\": \"no\" | is_decoder = no, but it must be false",
                "\"hidden_act\": \"gelu\" | \"hidden_act\": \"sine\" | hidden_act = sine",
                "\"hidden_act\": \"gelu\" | \"hidden_act\": 3 | hidden_act = 3, but it must be a text",
                "\"hidden_size\": 16 | \"hidden_size\": 16, \"position_embedding_type\": \"relative_key\" | relative_key",
                "\"hidden_size\": 16 | \"hidden_size\": 16, \"sideways\": true | sideways = true",
                "\"hidden_size\": 16 | \"hidden_size\": 16, \"id2label\": [1] | id2label = [1], but it must be an object",
                "\"BertModel\" | \"BertForDreaming\" | BertForDreaming",
            })
    void aValueThatIsNotComputedIsRefusedByName(String before, String after, String words) throws IOException {
        edit(before, after);
        ConfigException e = assertThrows(ConfigException.class, () -> {
            PretrainedModel<?, ?, ?> model = Pretrained.load(folder);
            model.config().numLabels();
        });
        assertTrue(String.valueOf(e.getMessage()).contains(words), e.toString());
    }

    @Test
    void aConfigurationOfAnotherArchitectureIsRefused() {
        ConfigException e = assertThrows(ConfigException.class, () -> LlamaForCausalLM.fromPretrained(folder));
        assertTrue(String.valueOf(e.getMessage()).contains("'bert'"), e.toString());
    }

    @Test
    void theTypeCountsIfNoArchitectureIsNamed() throws IOException {
        edit("\"BertModel\"", "");
        assertEquals(BertModel.class, Pretrained.load(folder).getClass());
        edit("\"model_type\": \"bert\"", "\"model_type\": \"ernie\"");
        assertRefused("ernie");
    }

    @Test
    void valuesThatAreNullAreTheDefaults() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("hidden_size", null);
        values.put("sideways", null);
        assertEquals(768, new BertConfig(values).hiddenSize);
    }

    // --- weights -----------------------------------------------------------------------------------------------

    @Test
    void missingWeightsAreSaid() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        CheckpointException e = assertThrows(CheckpointException.class, () -> Pretrained.load(folder));
        assertTrue(String.valueOf(e.getMessage()).contains("pytorch_model.bin"), e.toString());
    }

    @Test
    void damagedWeightsAreRefused() throws IOException {
        Files.write(folder.resolve("model.safetensors"), new byte[100]);
        assertThrows(CheckpointException.class, () -> Pretrained.load(folder));
    }

    @Test
    void aMissingKeyIsNamed() {
        Map<String, Tensor> tensors = weights();
        tensors.remove("encoder.layer.1.output.dense.bias");
        write(tensors);
        assertNamed("encoder.layer.1.output.dense.bias");
    }

    @Test
    void aWrongShapeIsNamed() {
        Map<String, Tensor> tensors = weights();
        tensors.put("encoder.layer.1.output.dense.bias", Torch.zeros(3));
        write(tensors);
        assertNamed("encoder.layer.1.output.dense.bias");
    }

    @Test
    void aKeyThatRemainsIsNamedUnlessItMayRemain() {
        Map<String, Tensor> tensors = weights();
        tensors.put("encoder.layer.2.output.dense.bias", Torch.zeros(16));
        write(tensors);
        assertNamed("encoder.layer.2.output.dense.bias");
        assertSame(Pretrained.load(folder, o -> o.mayRemain(key -> key.startsWith("encoder.layer.2."))));
    }

    @Test
    void tablesOfOlderVersionsAreLeftOut() {
        Map<String, Tensor> tensors = weights();
        tensors.put("embeddings.position_ids", Torch.zeros(1, 32));
        write(tensors);
        assertSame(Pretrained.load(folder));
    }

    @Test
    void olderNamesOfLayerNormalizationAreRead() {
        Map<String, Tensor> older = new LinkedHashMap<>();
        weights()
                .forEach((key, tensor) -> older.put(
                        key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
                        tensor));
        assertTrue(older.containsKey("embeddings.LayerNorm.gamma"));
        write(older);
        assertSame(Pretrained.load(folder));
    }

    @Test
    void weightsInSeveralFilesAreWrittenAndRead() throws IOException {
        Path several = folder.resolve("several");
        Pretrained.load(folder).savePretrained(several, 4000);
        assertTrue(Files.exists(several.resolve("model.safetensors.index.json")));
        assertFalse(Files.exists(several.resolve("model.safetensors")));
        try (var files = Files.list(several)) {
            assertTrue(files.filter(file -> file.toString().endsWith(".safetensors"))
                            .count()
                    > 1);
        }
        assertSame(Pretrained.load(several));
    }

    @Test
    void filesOfTorchSaveAreRead() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Checkpoint.save(
                folder.resolve("pytorch_model.bin"), Pretrained.load(BERT).stateDict());
        assertSame(Pretrained.load(folder));
    }

    @Test
    void weightsAreReadInAnotherDtype() {
        PretrainedModel<?, ?, ?> model = Pretrained.load(folder, o -> o.dtype(DType.BFLOAT16));
        for (Parameter parameter : model.parameters()) {
            assertEquals(DType.BFLOAT16, parameter.dtype());
        }
        StateDict expected = Pretrained.load(BERT).stateDict();
        model.stateDict()
                .forEach((key, tensor) -> assertTrue(
                        tensor.equal(Objects.requireNonNull(expected.get(key)).to(DType.BFLOAT16)), key));
        Tensor ids = Torch.tensor(new long[][] {{5, 6, 7}});
        Tensor states = ((BertModel) model).call(ids).lastHiddenState();
        Tensor wide = BertModel.fromPretrained(BERT).call(ids).lastHiddenState();
        assertEquals(DType.BFLOAT16, states.dtype());
        assertTrue(states.to(DType.FLOAT32).allclose(wide, 0.1, 0.1, false));
        Path written = folder.resolve("written");
        model.savePretrained(written);
        assertEquals("bfloat16", ModelConfig.read(written).get("dtype"));
        assertThrows(IllegalArgumentException.class, () -> Pretrained.load(folder, o -> o.dtype(DType.INT64)));
    }

    // --- help --------------------------------------------------------------------------------------------------

    private void edit(String before, String after) throws IOException {
        Path file = folder.resolve("config.json");
        String text = Files.readString(file);
        assertTrue(text.contains(before), text);
        Files.writeString(file, text.replace(before, after));
    }

    private static Map<String, Tensor> weights() {
        return new LinkedHashMap<>(
                Checkpoint.load(BERT.resolve("model.safetensors")).tensors());
    }

    private void write(Map<String, Tensor> tensors) {
        Checkpoint.saveSafetensors(folder.resolve("model.safetensors"), tensors);
    }

    private void assertRefused(String words) {
        ConfigException e = assertThrows(ConfigException.class, () -> Pretrained.load(folder));
        assertTrue(String.valueOf(e.getMessage()).contains(words), e.toString());
    }

    private void assertNamed(String key) {
        StateDictException e = assertThrows(StateDictException.class, () -> Pretrained.load(folder));
        assertTrue(String.valueOf(e.getMessage()).contains(key), e.toString());
    }

    private static void assertSame(PretrainedModel<?, ?, ?> model) {
        StateDict expected = Pretrained.load(BERT).stateDict();
        StateDict actual = model.stateDict();
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((key, tensor) -> assertTrue(tensor.equal(actual.get(key)), key));
    }

    @Test
    void aHeadOfAnotherSizeIsNew() {
        Path folder = Path.of("src/test/resources/families/bert_classifier"); // three classes
        assertThrows(
                StateDictException.class,
                () -> BertForSequenceClassification.fromPretrained(folder, o -> o.numLabels(5)));
        BertForSequenceClassification five = BertForSequenceClassification.fromPretrained(
                folder, o -> o.numLabels(5).ignoreMismatchedSizes(true));
        assertEquals(5, five.config().numLabels());
        assertEquals("LABEL_4", five.config().labels().get(4));
        assertArrayEquals(
                new long[] {5, 16}, five.stateDict().get("classifier.weight").shape());
        BertForSequenceClassification three = BertForSequenceClassification.fromPretrained(folder);
        String other = "bert.encoder.layer.0.attention.self.query.weight";
        assertTrue(five.stateDict().get(other).equal(three.stateDict().get(other)));
        Exception e = assertThrows(
                IllegalArgumentException.class,
                () -> BertForSequenceClassification.fromPretrained(folder, o -> o.numLabels(0)));
        assertTrue(e.getMessage().contains("numLabels is 0"), e.getMessage());
    }

    @Test
    void aModelOfOnesOwnIsReadByItsName(@TempDir Path folder) throws IOException {
        BertForSequenceClassification bert =
                BertForSequenceClassification.fromPretrained(Path.of("src/test/resources/families/bert_classifier"));
        bert.savePretrained(folder);
        Path config = folder.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("BertForSequenceClassification", "MyClassifierOfTexts"));
        assertThrows(ConfigException.class, () -> Pretrained.load(folder));
        Pretrained.register("MyClassifierOfTexts", BertConfig::new, BertForSequenceClassification::new);
        assertTrue(Pretrained.load(folder) instanceof BertForSequenceClassification);
        assertThrows(
                IllegalArgumentException.class,
                () -> Pretrained.register("BertModel", BertConfig::new, BertForSequenceClassification::new));
    }

    @Test
    void namesFoldersThatAreMissing() {
        Exception e = assertThrows(ConfigException.class, () -> Pretrained.load(Path.of("nope")));
        assertTrue(e.getMessage().startsWith("there is no folder nope"), e.getMessage());
    }
}
