package org.jtorch.models.sentence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.models.layers.EncoderInput;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.models.pretrained.PretrainedOptions;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares embeddings with what {@code parity/record/sentences.py} recorded. */
class SentenceEncoderTest {

    private static final Path FOLDERS = Path.of("src/test/resources/sentences");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"mean", "all", "cls_under_words"})
    void embeddingsAreThoseOfPython(String name) {
        SentenceEncoder encoder = SentenceEncoder.fromPretrained(FOLDERS.resolve(name), readsOnlyTheBase(name));
        Map<String, Tensor> expected = Checkpoint.load(FOLDERS.resolve(name).resolve("expected.safetensors"))
                .tensors();
        Tensor embeddings = encoder.infer(new EncoderInput(
                Objects.requireNonNull(expected.get("input.input_ids")), expected.get("input.attention_mask")));
        assertTrue(embeddings.allclose(Objects.requireNonNull(expected.get("output")), 1e-5, 1e-5, false));
        assertFalse(encoder.isTraining());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mean", "all", "cls_under_words"})
    void aFolderThatWasWrittenGivesTheSameEmbeddings(String name) {
        SentenceEncoder encoder = SentenceEncoder.fromPretrained(FOLDERS.resolve(name), readsOnlyTheBase(name));
        Path folder = temp.resolve("new/folder");
        encoder.savePretrained(folder);
        SentenceEncoder again = SentenceEncoder.fromPretrained(folder);
        Tensor ids = Torch.arange(4, 12, 1, TensorOptions.of(DType.INT64)).reshape(2, 4);
        Tensor mask = Torch.tensor(new long[] {1, 1, 1, 1, 1, 1, 0, 0}).reshape(2, 4);
        assertTrue(encoder.infer(new EncoderInput(ids, mask)).equal(again.infer(new EncoderInput(ids, mask))));
        assertEquals(encoder.maxSeqLength(), again.maxSeqLength());
    }

    /** Python's class for a linear map takes what stands in its file as arguments, and refuses others. */
    @Test
    void theFileOfALinearMapHasOnlyArguments() {
        SentenceEncoder.fromPretrained(FOLDERS.resolve("all")).savePretrained(temp);
        assertEquals(ModelConfig.read(FOLDERS.resolve("all/2_Dense")), ModelConfig.read(temp.resolve("2_Dense")));
        assertEquals(ModelConfig.read(FOLDERS.resolve("all/1_Pooling")), ModelConfig.read(temp.resolve("1_Pooling")));
        assertEquals(
                ModelConfig.readList(FOLDERS.resolve("all/modules.json")),
                ModelConfig.readList(temp.resolve("modules.json")));
    }

    @Test
    void aModuleThatHasNoFileIsRefused() {
        SentenceEncoder read = SentenceEncoder.fromPretrained(FOLDERS.resolve("mean"));
        SentenceEncoder encoder = new SentenceEncoder(read.encoder, read.pooling, List.of(new Tanh()), null);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> encoder.savePretrained(temp));
        assertTrue(String.valueOf(e.getMessage()).contains("after the pooling is a Tanh"), e.toString());
        assertFalse(Files.exists(temp.resolve("config.json")));
    }

    /** The folder of a model with a head has no pooler, which the pooling does not use. */
    private static Consumer<PretrainedOptions> readsOnlyTheBase(String name) {
        return o -> {
            if (name.equals("cls_under_words")) {
                o.mayMiss(key -> key.startsWith("pooler."));
            }
        };
    }

    @Test
    void longerTextsThanTheLimitAreRefused() {
        SentenceEncoder encoder = SentenceEncoder.fromPretrained(FOLDERS.resolve("mean"));
        assertEquals(16, encoder.maxSeqLength());
        Tensor ids = Torch.ones(new long[] {1, 17}, TensorOptions.of(DType.INT64));
        Exception e = assertThrows(Exception.class, () -> encoder.call(new EncoderInput(ids)));
        assertTrue(String.valueOf(e.getMessage()).contains("17 tokens"), e.toString());
    }

    @Test
    void aTextWithoutPaddingNeedsNoMask() {
        SentenceEncoder encoder = SentenceEncoder.fromPretrained(FOLDERS.resolve("all"));
        Tensor ids = Torch.arange(4, 12, 1, TensorOptions.of(DType.INT64)).reshape(2, 4);
        assertTrue(encoder.infer(new EncoderInput(ids))
                .allclose(encoder.infer(new EncoderInput(ids, Torch.onesLike(ids))), 1e-6, 1e-6, false));
    }

    @Test
    void modulesThatAreNotKnownAreRefusedByName() throws IOException {
        copy("mean");
        edit("modules.json", "models.Normalize", "models.LSTM");
        assertRefused("LSTM");
    }

    @Test
    void aPoolingWithoutAWayIsRefused() throws IOException {
        copy("mean");
        edit("1_Pooling/config.json", "\"pooling_mode_mean_tokens\": true", "\"pooling_mode_mean_tokens\": false");
        assertRefused("pooling_mode_cls_token");
    }

    @Test
    void aPoolingWithAnUnknownWayIsRefused() throws IOException {
        copy("cls_under_words");
        edit("1_Pooling/config.json", "\"cls\"", "\"median\"");
        assertRefused("median");
    }

    @Test
    void anActivationThatIsNotKnownIsRefused() throws IOException {
        copy("all");
        edit("2_Dense/config.json", "activation.Tanh", "activation.Softplus");
        assertRefused("Softplus");
    }

    @Test
    void aMissingListOfModulesIsSaid() {
        assertRefused("has no modules.json");
    }

    private void assertRefused(String words) {
        ConfigException e = assertThrows(ConfigException.class, () -> SentenceEncoder.fromPretrained(temp));
        assertTrue(String.valueOf(e.getMessage()).contains(words), e.toString());
    }

    private void copy(String name) throws IOException {
        Path from = FOLDERS.resolve(name);
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path to = temp.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
    }

    private void edit(String name, String before, String after) throws IOException {
        Path file = temp.resolve(name);
        String text = Files.readString(file);
        assertTrue(text.contains(before), text);
        Files.writeString(file, text.replace(before, after));
    }
}
