package org.jtorch.models.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.models.classification.Classification;
import org.jtorch.models.classification.LabelScore;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.resnet.ResNet;
import org.jtorch.models.vit.ViTForImageClassification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with what the pipeline {@code image-classification} of transformers says. */
class ImageClassifierTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource({
        "vit,single_label_classification",
        "vit,multi_label_classification",
        "dinov2,single_label_classification",
        "dinov2,multi_label_classification"
    })
    void scoresAreThoseOfThePipeline(String name, String problem) throws IOException {
        copy(name);
        edit("{", "{\"problem_type\": \"" + problem + "\", ");
        ImageClassifier classifier = ImageClassifier.load(temp);
        JsonNode python = Recorded.python("classifiers").get(name).get(problem);
        assertEquals(3, python.size());
        python.properties()
                .forEach(each -> assertScores(each, classifier.classify(Recorded.FOLDER.resolve(each.getKey()))));
    }

    @Test
    void aFileIsTurnedAsThePipelineDoes() {
        ImageClassifier classifier = ImageClassifier.load(Recorded.FOLDER.resolve("vit"));
        Path file = Recorded.FOLDER.resolve("turned_6.jpg");
        double turned = classifier.classify(file).score();
        assertTrue(Math.abs(turned - classifier.classify(RgbImage.read(file)).score()) > 0.02);
        assertEquals(turned, classifier.classify(RgbImage.readUpright(file)).score());
    }

    private static void assertScores(Map.Entry<String, JsonNode> python, Classification found) {
        // a level more or less in a JPEG changes the scores of these random weights a little
        double tolerance = python.getKey().endsWith(".jpg") ? 5e-3 : 1e-5;
        JsonNode expected = python.getValue();
        for (int i = 0; i < expected.size(); i++) {
            LabelScore score = found.scores().get(i);
            assertEquals(expected.get(i).get("label").asText(), score.label());
            assertEquals(expected.get(i).get("score").asDouble(), score.score(), tolerance, python.getKey());
        }
        assertEquals(expected.size(), found.scores().size());
        assertEquals(expected.get(0).get("label").asText(), found.label());
        assertEquals(found.scores().get(0).score(), found.score());
    }

    @Test
    void imagesAreInTheirOrderInBatchesOfAnySize() {
        Path folder = Recorded.FOLDER.resolve("vit");
        List<RgbImage> images = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            images.add(Recorded.noise()[i % 2].crop(i, 0, 10, 10));
        }
        List<Classification> alone =
                images.stream().map(ImageClassifier.load(folder)::classify).toList();
        for (int size : new int[] {1, 2, 32}) {
            ImageClassifier classifier = ImageClassifier.load(folder, o -> o.batchSize(size));
            List<Classification> all = classifier.classifyAll(images);
            assertEquals(5, all.size());
            for (int i = 0; i < 5; i++) {
                assertEquals(alone.get(i).label(), all.get(i).label());
                assertEquals(alone.get(i).score(), all.get(i).score(), 1e-5);
            }
        }
        assertEquals(List.of(), ImageClassifier.load(folder).classifyAll(List.of()));
        assertThrows(IllegalArgumentException.class, () -> ImageClassifier.load(folder, o -> o.batchSize(0)));
    }

    @Test
    void theModelMayHaveAnotherDtype() {
        Path folder = Recorded.FOLDER.resolve("vit");
        RgbImage image = Recorded.noise()[0];
        ImageClassifier narrow = ImageClassifier.load(folder, o -> o.model(m -> m.dtype(DType.BFLOAT16)));
        assertEquals(
                ImageClassifier.load(folder).classify(image).score(),
                narrow.classify(image).score(),
                0.02);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit", "dinov2"})
    void aFolderThatWasWrittenGivesTheSameScores(String name) {
        ImageClassifier classifier = ImageClassifier.load(Recorded.FOLDER.resolve(name));
        Path folder = temp.resolve("new/folder");
        classifier.savePretrained(folder);
        RgbImage image = Recorded.noise()[0];
        assertEquals(
                classifier.classify(image).scores(),
                ImageClassifier.load(folder).classify(image).scores());
    }

    @Test
    void aTransformOfTorchvisionIsNotWritten() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> ImageProcessor.torchvision().savePretrained(temp));
        assertTrue(String.valueOf(e.getMessage()).contains("o.processor(...)"), e.toString());
        ResNet model = ResNet.resnet18(o -> o.numClasses(5));
        model.savePretrained(temp.resolve("a"));
        ImageClassifier.load(temp.resolve("a")).savePretrained(temp.resolve("b"));
        RgbImage image = Recorded.noise()[0];
        assertEquals(
                ImageClassifier.load(temp.resolve("a")).classify(image).scores(),
                ImageClassifier.load(temp.resolve("b")).classify(image).scores());
    }

    @Test
    void aModelOfTorchvisionHasItsTransform() {
        ResNet model = ResNet.resnet18(o -> o.numClasses(5));
        model.eval();
        model.savePretrained(temp);
        RgbImage image = Recorded.noise()[0];
        Tensor expected = model.infer(ImageProcessor.torchvision().call(image)).softmax(-1);
        Classification found = ImageClassifier.load(temp).classify(image);
        int best = (int) expected.argmax().item();
        assertEquals("LABEL_" + best, found.label());
        assertEquals(expected.max().item(), found.score(), 1e-5);
        assertEquals(5, found.scores().size());

        ImageProcessor other = ImageProcessor.torchvision(o -> o.resizeSize(40).cropSize(32));
        List<String> names = List.of("a", "b", "c", "d", "e");
        Tensor small = model.infer(other.call(image)).softmax(-1);
        ImageClassifier named =
                ImageClassifier.load(temp, o -> o.processor(other).labels(names));
        assertEquals(small.max().item(), named.classify(image).score(), 1e-5);
        assertEquals(
                names.get((int) small.argmax().item()), named.classify(image).label());

        ImageClassifier wrong = ImageClassifier.load(temp, o -> o.labels(List.of("a", "b")));
        String message = String.valueOf(
                assertThrows(ConfigException.class, () -> wrong.classify(image)).getMessage());
        assertTrue(message.contains("gives 5 numbers, but there are 2 labels"), message);
    }

    @Test
    void anotherKindOfModelIsRefused() {
        Path folder = Path.of("src/test/resources/families/vit");
        String message = String.valueOf(assertThrows(ConfigException.class, () -> ImageClassifier.load(folder))
                .getMessage());
        assertTrue(message.contains("ViTModel") && message.contains("ForImageClassification"), message);
    }

    @Test
    void aFolderWithoutAProcessorNeedsOne() {
        ViTForImageClassification model = ViTForImageClassification.fromPretrained(Recorded.FOLDER.resolve("vit"));
        model.savePretrained(temp);
        String message = String.valueOf(assertThrows(ConfigException.class, () -> ImageClassifier.load(temp))
                .getMessage());
        assertTrue(message.contains("preprocessor_config.json"), message);
        ImageProcessor processor = ImageProcessor.fromPretrained(Recorded.FOLDER.resolve("vit"));
        RgbImage image = Recorded.noise()[1];
        assertEquals(
                ImageClassifier.load(Recorded.FOLDER.resolve("vit")).classify(image),
                ImageClassifier.load(temp, o -> o.processor(processor)).classify(image));
    }

    private void copy(String name) throws IOException {
        try (Stream<Path> files = Files.list(Recorded.FOLDER.resolve(name))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, temp.resolve(file.getFileName().toString()));
            }
        }
    }

    private void edit(String before, String after) throws IOException {
        Path file = temp.resolve("config.json");
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(before), after));
    }
}
