package org.jtorch.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jtorch.models.pretrained.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextEmbedderTest {

    @Test
    void embedsAsPython() {
        JsonNode recorded = Recorded.json("embedder/recorded.json");
        List<String> texts = Recorded.texts(recorded.get("texts"));
        try (TextEmbedder embedder = TextEmbedder.load(Recorded.path("embedder"), o -> o.batchSize(4))) {
            assertEquals("find: ", embedder.prompts().get("query"));
            for (JsonNode row : recorded.get("rows")) {
                List<float[]> all = embedder.embedAll(texts, row.get("prompt").asText());
                for (int i = 0; i < texts.size(); i++) {
                    assertArrayEquals(
                            Recorded.as(row.get("embeddings").get(i), float[].class), all.get(i), 2e-5f, texts.get(i));
                }
            }
            assertArrayEquals(
                    embedder.embed(texts.get(0)), embedder.embedAll(texts).get(0), 2e-6f);
        }
    }

    @Test
    void severalThreadsEmbed() throws Exception {
        List<String> texts =
                IntStream.range(0, 12).mapToObj(i -> "whale ".repeat(i + 1)).toList();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (TextEmbedder embedder = TextEmbedder.load(Recorded.path("embedder"))) {
            List<float[]> alone = texts.stream().map(embedder::embed).toList();
            List<Future<float[]>> together = texts.stream()
                    .map(text -> threads.submit(() -> embedder.embed(text)))
                    .toList();
            for (int i = 0; i < texts.size(); i++) {
                assertArrayEquals(alone.get(i), together.get(i).get(), 1e-6f);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aFolderThatWasWrittenGivesTheSameEmbeddings(@TempDir Path temp) {
        Path folder = temp.resolve("new/folder");
        try (TextEmbedder embedder = TextEmbedder.load(Recorded.path("embedder"))) {
            embedder.savePretrained(folder);
            try (TextEmbedder again = TextEmbedder.load(folder)) {
                assertEquals(embedder.prompts(), again.prompts());
                assertArrayEquals(embedder.embed("whale"), again.embed("whale"));
            }
        }
    }

    @Test
    void aDefaultPromptIsWritten(@TempDir Path folder) throws IOException {
        Path prompts = folder.resolve("config_sentence_transformers.json");
        try (TextEmbedder embedder = TextEmbedder.load(Recorded.path("embedder"))) {
            embedder.savePretrained(folder);
            Files.writeString(prompts, "{\"prompts\": {\"query\": \"find: \"}, \"default_prompt_name\": \"query\"}");
            try (TextEmbedder withDefault = TextEmbedder.load(folder)) {
                withDefault.savePretrained(folder);
            }
            try (TextEmbedder again = TextEmbedder.load(folder)) {
                assertArrayEquals(embedder.embed("find: whale"), again.embed("whale"));
            }
        }
    }

    @Test
    void comparesEmbeddings() {
        assertEquals(1, TextEmbedder.cosineSimilarity(new float[] {1, 2}, new float[] {2, 4}), 1e-9);
        assertEquals(0, TextEmbedder.cosineSimilarity(new float[] {1, 0}, new float[] {0, 3}), 1e-9);
        Exception different = assertThrows(
                IllegalArgumentException.class, () -> TextEmbedder.cosineSimilarity(new float[1], new float[2]));
        assertTrue(different.getMessage().contains("1 and 2"), different.getMessage());
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        assertThrows(
                IllegalArgumentException.class,
                () -> TextEmbedder.load(Recorded.path("embedder"), o -> o.batchSize(0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> TextEmbedder.load(Recorded.path("embedder"), o -> o.maxLength(0)));
    }

    @Test
    void readsPromptsThatAreNotThere(@TempDir Path folder) throws IOException {
        for (String file : List.of(
                "config.json", "model.safetensors", "tokenizer.json", "modules.json", "1_Pooling/config.json")) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.copy(Recorded.path("embedder/" + file), folder.resolve(file));
        }
        Path prompts = folder.resolve("config_sentence_transformers.json");
        Files.writeString(prompts, "{\"prompts\": {\"document\": null}, \"default_prompt_name\": \"document\"}");
        try (TextEmbedder embedder = TextEmbedder.load(folder)) {
            assertEquals("", embedder.prompts().get("document"));
        }
        Files.writeString(prompts, "{\"prompts\": {\"document\": \"\"}, \"default_prompt_name\": \"query\"}");
        Exception missing = assertThrows(ConfigException.class, () -> TextEmbedder.load(folder));
        assertTrue(missing.getMessage().contains("default_prompt_name = query"), missing.getMessage());
        assertEquals(0, TextEmbedder.cosineSimilarity(new float[2], new float[] {1, 2}));
    }
}
