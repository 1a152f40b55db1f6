package org.jtorch.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.models.classification.Classification;
import org.jtorch.models.pretrained.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextClassifierTest {

    @ParameterizedTest
    @ValueSource(strings = {"single", "multi"})
    void classifiesAsPython(String name) {
        JsonNode recorded = Recorded.json("classifier/" + name + "/recorded.json");
        List<String> texts = new ArrayList<>();
        recorded.get("texts").forEach(row -> texts.add(row.get("text").asText()));
        assertTrue(texts.size() > 10);
        try (TextClassifier classifier =
                TextClassifier.load(Recorded.path("classifier/" + name), o -> o.batchSize(3))) {
            assertEquals(List.of("calm", "angry", "sad"), classifier.labels());
            List<Classification> all = classifier.classifyAll(texts);
            for (int i = 0; i < texts.size(); i++) {
                JsonNode expected = recorded.get("texts").get(i).get("scores");
                assertScores(expected, all.get(i), texts.get(i));
                assertScores(expected, classifier.classify(texts.get(i)), texts.get(i));
            }
            assertScores(recorded.get("pair"), classifier.classify("one two", "three"), "the pair");
        }
    }

    private static void assertScores(JsonNode expected, Classification actual, String of) {
        assertEquals(expected.size(), actual.scores().size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).get(0).asText(), actual.scores().get(i).label(), of);
            assertEquals(
                    expected.get(i).get(1).asDouble(), actual.scores().get(i).score(), 2e-5, of);
        }
        assertEquals(expected.get(0).get(0).asText(), actual.label());
        assertEquals(actual.scores().get(0).score(), actual.score());
    }

    @Test
    void refusesOtherModels(@TempDir Path empty) {
        Exception other = assertThrows(ConfigException.class, () -> TextClassifier.load(Recorded.path("generator")));
        assertTrue(other.getMessage().contains("LlamaForCausalLM"), other.getMessage());
        assertThrows(ConfigException.class, () -> TextClassifier.load(empty));
    }

    @Test
    void giveNothingForNothing() {
        try (TextClassifier classifier = TextClassifier.load(Recorded.path("classifier/single"))) {
            assertEquals(List.of(), classifier.classifyAll(List.of()));
        }
    }
}
