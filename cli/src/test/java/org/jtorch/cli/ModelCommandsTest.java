package org.jtorch.cli;

import static org.jtorch.cli.CommandRun.run;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands for public models, with small folders that Python wrote. */
class ModelCommandsTest {

    private static final String FOLDERS = "../text/src/test/resources/";

    private static JsonNode recorded(String folder) throws Exception {
        return new ObjectMapper()
                .readTree(Path.of(FOLDERS, folder, "recorded.json").toFile());
    }

    @Test
    void embeds(@TempDir Path folder) throws Exception {
        JsonNode recorded = recorded("embedder");
        String text = recorded.get("texts").get(0).asText();
        float[] expected = new ObjectMapper()
                .convertValue(recorded.get("rows").get(0).get("embeddings").get(0), float[].class);
        CommandRun result = run("embed", FOLDERS + "embedder", text);
        assertEquals(0, result.status(), result.err());
        JsonNode line = new ObjectMapper().readTree(result.out());
        assertEquals(text, line.get("text").asText());
        assertArrayEquals(expected, new ObjectMapper().convertValue(line.get("embedding"), float[].class), 2e-5f);
        Path file = folder.resolve("e.safetensors");
        CommandRun written = run("embed", FOLDERS + "embedder", text, "two", "--output", file.toString());
        assertEquals(0, written.status(), written.err());
        assertEquals("", written.out());
        Tensor embeddings = Checkpoint.load(file).stateDict().get("embeddings");
        assertArrayEquals(new long[] {2, 16}, embeddings.shape());
        CommandRun similar = run("embed", FOLDERS + "embedder", text, text, "--similarity", "--prompt", "query");
        assertTrue(similar.out().lines().allMatch(each -> each.startsWith(" 1.0000  ")), similar.out());
    }

    @Test
    void generates() throws Exception {
        JsonNode row = recorded("generator").get("rows").get(0);
        CommandRun result =
                run("generate", FOLDERS + "generator", row.get("prompt").asText(), "--max-new-tokens", "30");
        assertEquals(0, result.status(), result.err());
        assertEquals(
                row.get("text").asText().replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?") + System.lineSeparator(),
                result.out());
        String[] drawn = {
            "generate",
            FOLDERS + "generator",
            "Hi",
            "--chat",
            "--temperature",
            "0.9",
            "--top-k",
            "40",
            "--seed",
            "3",
            "--max-new-tokens",
            "9"
        };
        assertEquals(run(drawn).out(), run(drawn).out());
    }

    @Test
    void answersWithAnEncoderAndDecoder() throws Exception {
        JsonNode row = recorded("encoder_decoder").get("rows").get(2);
        assertEquals(5, row.get("options").get("max_new_tokens").asInt());
        CommandRun result =
                run("generate", FOLDERS + "encoder_decoder", row.get("prompt").asText(), "--max-new-tokens", "5");
        assertEquals(0, result.status(), result.err());
        assertEquals(row.get("text").asText() + System.lineSeparator(), result.out());
        assertMistake(1, "has no template of conversations", "generate", FOLDERS + "encoder_decoder", "x", "--chat");
    }

    /** As if the reader of a pipe had seen enough. */
    @Test
    void stopsIfNobodyReads() {
        AtomicInteger writes = new AtomicInteger();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(new Writer() {
            @Override
            public void write(char[] chars, int from, int length) throws IOException {
                writes.incrementAndGet();
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        }));
        line.execute("generate", FOLDERS + "generator", "The cat sits on the mat.");
        assertTrue(writes.get() <= 2, writes + " writes");
    }

    @Test
    void classifiesTextsAndImages() throws Exception {
        JsonNode row = recorded("classifier/single").get("texts").get(0);
        CommandRun texts =
                run("classify", FOLDERS + "classifier/single", row.get("text").asText(), "x", "--top", "2");
        assertEquals(0, texts.status(), texts.err());
        assertEquals(6, texts.out().lines().count(), texts.out());
        assertTrue(
                texts.out()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow()
                        .endsWith("  " + row.get("scores").get(0).get(0).asText()),
                texts.out());
        String images = "../models/src/test/resources/images/";
        CommandRun image = run("classify", images + "vit", images + "photo.jpg");
        assertEquals(0, image.status(), image.err());
        assertEquals(images + "photo.jpg", image.out().lines().findFirst().orElseThrow());
        assertMistake(1, "nosuch.png", "classify", images + "vit", "nosuch.png");
        assertMistake(1, "LlamaForCausalLM", "classify", FOLDERS + "generator", "x");
        assertMistake(2, "--top is 0", "classify", images + "vit", "x", "--top", "0");
        assertMistake(2, "--pair is only", "classify", images + "vit", "x", "--pair", "y");
    }

    @Test
    void generatesByBeamSearchIfTheFolderSaysSo(@TempDir Path temp) throws Exception {
        Path from = Path.of(FOLDERS, "generator");
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, temp.resolve(file.getFileName()));
            }
        }
        Path config = temp.resolve("generation_config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"num_beams\": 3, "));
        JsonNode row = recorded("generator").get("rows").get(1);
        assertEquals(3, row.get("options").get("num_beams").asInt());
        CommandRun result = run("generate", temp.toString(), row.get("prompt").asText(), "--max-new-tokens", "12");
        assertEquals(0, result.status(), result.err());
        assertEquals(
                row.get("text").asText().replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?") + System.lineSeparator(),
                result.out());
    }

    @Test
    void listsModels() {
        CommandRun result = run("models");
        assertEquals(0, result.status(), result.err());
        assertTrue(result.out().contains("BertForSequenceClassification"), result.out());
    }

    @Test
    void mistakesAreOneLine() {
        assertMistake(2, "there is no TEXT", "embed", FOLDERS + "embedder");
        assertMistake(2, "there is no folder './no/such folder'", "embed", "./no/such folder", "x");
        assertMistake(2, "--system is only for conversations", "generate", FOLDERS + "generator", "x", "--system", "y");
        assertMistake(1, "is a BertModel", "generate", FOLDERS + "embedder", "x");
        assertMistake(1, "temperature is -1", "generate", FOLDERS + "generator", "x", "--temperature", "-1");
        assertMistake(1, "has no modules.json", "embed", FOLDERS + "generator", "x");
    }

    private static void assertMistake(int status, String message, String... args) {
        CommandRun result = run(args);
        assertEquals(status, result.status(), result.err());
        assertTrue(result.err().contains(message), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
    }
}
