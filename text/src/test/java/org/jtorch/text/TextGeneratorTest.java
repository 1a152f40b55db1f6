package org.jtorch.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.text.chat.ChatMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextGeneratorTest {

    private static final JsonNode RECORDED = Recorded.json("generator/recorded.json");

    private static final TextGenerator GENERATOR = TextGenerator.load(Recorded.path("generator"));

    @AfterAll
    static void close() {
        GENERATOR.close();
    }

    private static Consumer<GenerationOptions> options(JsonNode row) {
        return o -> {
            JsonNode given = row.get("options");
            if (given.has("num_beams")) {
                o.numBeams(given.get("num_beams").asInt());
            }
            if (given.has("max_new_tokens")) {
                o.maxNewTokens(given.get("max_new_tokens").asLong());
            }
        };
    }

    /** The tokens before the padding, which Python leaves in a text that ended. */
    @Test
    void generatesAsPython() {
        int ended = 0;
        for (JsonNode row : RECORDED.get("rows")) {
            GeneratedText text = GENERATOR.generate(row.get("prompt").asText(), options(row));
            assertEquals(Recorded.longs(row.get("tokens")), text.tokens(), row.toString());
            assertEquals(row.get("text").asText(), text.text(), row.toString());
            boolean isEnd =
                    List.of(3L, 1L).contains(text.tokens().get(text.tokens().size() - 1));
            assertEquals(isEnd ? FinishReason.END : FinishReason.LENGTH, text.finishReason());
            ended += isEnd ? 1 : 0;
        }
        assertTrue(ended > 0 && ended < RECORDED.get("rows").size(), "both reasons should be there");
    }

    @Test
    void streamsTheSameText() {
        for (JsonNode row : RECORDED.get("rows")) {
            if (row.get("options").has("num_beams")) {
                continue;
            }
            try (Stream<String> pieces = GENERATOR.stream(row.get("prompt").asText(), options(row))) {
                assertEquals(row.get("text").asText(), pieces.collect(Collectors.joining()), row.toString());
            }
            StringBuilder given = new StringBuilder();
            GeneratedText text = GENERATOR.generate(row.get("prompt").asText(), options(row), given::append);
            assertEquals(text.text(), given.toString());
        }
    }

    @Test
    void generatesBatchesAsPython() {
        JsonNode batch = RECORDED.get("batch");
        List<GeneratedText> all = GENERATOR.generateAll(Recorded.texts(batch.get("prompts")), o -> {});
        for (int i = 0; i < all.size(); i++) {
            List<Long> expected =
                    new ArrayList<>(Recorded.longs(batch.get("tokens").get(i)));
            List<Long> tokens = all.get(i).tokens();
            assertEquals(expected.subList(0, tokens.size()), tokens);
            assertTrue(expected.subList(tokens.size(), expected.size()).stream().allMatch(each -> each == 0));
        }
        assertEquals(List.of(), GENERATOR.generateAll(List.of(), o -> {}));
    }

    @Test
    void chatsAsPython() {
        JsonNode chat = RECORDED.get("chat");
        GeneratedText answer = GENERATOR.chat(List.of(ChatMessage.user("Hello")), o -> {});
        assertEquals(chat.get("prompt_tokens").asInt(), answer.promptTokens());
        assertEquals(chat.get("text").asText(), answer.text());
        try (Stream<String> pieces = GENERATOR.streamChat(List.of(ChatMessage.user("Hello")), o -> {})) {
            assertEquals(answer.text(), pieces.collect(Collectors.joining()));
        }
    }

    @Test
    void stopsAtTexts() {
        String whole = RECORDED.get("rows").get(0).get("text").asText();
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
        int place = whole.indexOf(stop);
        GeneratedText text = GENERATOR.generate(
                RECORDED.get("rows").get(0).get("prompt").asText(), o -> o.stopStrings("\u0000", stop));
        assertEquals(whole.substring(0, place), text.text());
        assertEquals(FinishReason.STOP_STRING, text.finishReason());
        assertTrue(
                text.tokens().size() < RECORDED.get("rows").get(0).get("tokens").size());
        try (Stream<String> pieces =
                GENERATOR.stream(RECORDED.get("rows").get(0).get("prompt").asText(), o -> o.stopStrings(stop))) {
            assertEquals(whole.substring(0, place), pieces.collect(Collectors.joining()));
        }
    }

    @Test
    void endsByCondition() {
        GeneratedText text = GENERATOR.generate("The whale", o -> o.stopWhen(tokens -> tokens.length == 2));
        assertEquals(2, text.tokens().size());
        assertEquals(FinishReason.CONDITION, text.finishReason());
    }

    @Test
    void aStreamThatIsClosedComputesNoMore() {
        List<long[]> steps = new ArrayList<>();
        try (Stream<String> pieces = GENERATOR.stream("The whale", o -> o.onTokens(steps::add))) {
            assertFalse(pieces.findFirst().isEmpty());
        }
        assertTrue(steps.size() < 30, steps.size() + " steps");
    }

    @Test
    void isWrittenAndReadAgain(@TempDir Path folder) {
        GENERATOR.savePretrained(folder);
        try (TextGenerator again = TextGenerator.load(folder)) {
            assertEquals(GENERATOR.generate("The whale"), again.generate("The whale"));
        }
    }

    @Test
    void takesAModelThatWasMadeElsewhere() {
        TextGenerator other = TextGenerator.of(GENERATOR.model(), GENERATOR.tokenizer());
        assertEquals(
                GENERATOR.generate("The whale", o -> o.maxNewTokens(3)).text(),
                other.generate(
                                "The whale",
                                o -> o.maxNewTokens(3).repetitionPenalty(1.2).eosTokenIds(3, 1))
                        .text());
    }

    @Test
    void takesATemplateAndALength() {
        try (TextGenerator generator =
                TextGenerator.load(Recorded.path("generator"), o -> o.chatTemplate("{{ messages[0].content }}")
                        .maxLength(3))) {
            GeneratedText answer = generator.chat(List.of(ChatMessage.user("one two three four")), o -> {});
            assertEquals(3, answer.promptTokens());
            assertEquals(3, generator.generate("one two three four").promptTokens());
        }
    }

    @Test
    void anOptionWithoutValuesClearsTheFolders() {
        GeneratedText text =
                GENERATOR.generate("The whale", o -> o.eosTokenIds().maxNewTokens(60));
        assertEquals(60, text.tokens().size());
    }

    @Test
    void refusesOptionsOfTheFolderWhenItIsRead(@TempDir Path folder) throws Exception {
        GENERATOR.savePretrained(folder);
        Files.writeString(folder.resolve("generation_config.json"), "{\"no_repeat_ngram_size\": 3}");
        Exception e = assertThrows(ConfigException.class, () -> TextGenerator.load(folder));
        assertTrue(e.getMessage().contains("generation_config.json: "), e.getMessage());
        assertTrue(e.getMessage().contains("no_repeat_ngram_size = 3"), e.getMessage());
    }

    @Test
    void refusesWhatDoesNotFit() {
        Exception beams = assertThrows(IllegalArgumentException.class, () -> GENERATOR.stream("x", o -> o.numBeams(2)));
        assertTrue(beams.getMessage().contains("numBeams is 2"), beams.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> GENERATOR.generate("x", o -> o.numBeams(2).stopStrings("a")));
        assertThrows(IllegalArgumentException.class, () -> GENERATOR.generate("x", o -> o.stopStrings("")));
        Exception empty = assertThrows(IllegalArgumentException.class, () -> GENERATOR.generate(""));
        assertTrue(empty.getMessage().contains("the prompt \"\" has no tokens"), empty.getMessage());
        assertThrows(IllegalArgumentException.class, () -> GENERATOR.generateAll(List.of("a", ""), o -> {}));
        Exception other = assertThrows(ConfigException.class, () -> TextGenerator.load(Recorded.path("embedder")));
        assertTrue(other.getMessage().contains("BertModel"), other.getMessage());
    }

    /** Copies the folder with another file of options; without one if it is null. */
    private static TextGenerator withOptions(Path folder, @Nullable String json) throws IOException {
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Recorded.path("generator/" + file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.deleteIfExists(folder.resolve("generation_config.json"));
        if (json != null) {
            Files.writeString(folder.resolve("generation_config.json"), json);
        }
        return TextGenerator.load(folder);
    }

    @Test
    void beginsWithAllThatTheFolderSays(@TempDir Path folder) throws IOException {
        List<Long> all = GENERATOR
                .generate(
                        "The whale",
                        o -> o.repetitionPenalty(1).maxNewTokens(12).eosTokenIds(new long[0]))
                .tokens();
        try (TextGenerator generator = withOptions(folder, "{\"max_length\": 9}")) {
            GeneratedText text = generator.generate("The whale");
            assertEquals(all.subList(0, 9 - text.promptTokens()), text.tokens());
            assertEquals(
                    all,
                    generator.generate("The whale", o -> o.maxNewTokens(12)).tokens());
            Exception tooLong =
                    assertThrows(IllegalArgumentException.class, () -> generator.generate("The whale ".repeat(9)));
            assertTrue(tooLong.getMessage().contains("max_length is 9"), tooLong.getMessage());
        }
        String ends = "{\"max_new_tokens\": 12, \"min_length\": 8, \"eos_token_id\": " + all.get(0) + "}";
        try (TextGenerator generator = withOptions(folder, ends)) {
            GeneratedText text = generator.generate("The whale");
            assertTrue(text.tokens().size() >= 8 - text.promptTokens(), text.toString());
            assertFalse(text.tokens().subList(0, 8 - text.promptTokens()).contains(all.get(0)), text.toString());
            assertEquals(
                    List.of(all.get(0)),
                    generator.generate("The whale", o -> o.minNewTokens(0)).tokens());
        }
        String word = GENERATOR.tokenizer().decode(all.get(1));
        try (TextGenerator generator = withOptions(folder, "{\"stop_strings\": \"" + word.strip() + "\"}")) {
            assertEquals(
                    FinishReason.STOP_STRING, generator.generate("The whale").finishReason());
        }
        try (TextGenerator generator = withOptions(folder, "{\"temperature\": 0.0001, \"do_sample\": false}")) {
            assertEquals(
                    all,
                    generator
                            .generate("The whale", o -> o.doSample(true).maxNewTokens(12))
                            .tokens());
        }
        try (TextGenerator generator = withOptions(folder, null)) {
            assertArrayEquals(
                    new long[] {3},
                    GenerationOptions.of(o -> o.fromPretrained(folder)).chosenEosTokenIds());
            assertEquals(
                    all,
                    generator.generate("The whale", o -> o.maxNewTokens(12)).tokens());
        }
    }

    @Test
    void refusesPromptsWithoutTokens() {
        Exception none = assertThrows(
                IllegalArgumentException.class, () -> GENERATOR.generateAll(List.of("The whale", ""), o -> {}));
        assertTrue(none.getMessage().contains("the prompt \"\" has no tokens"), none.getMessage());
    }

    /** Without layers, the file's weights of the layers would be those of another head. */
    @ParameterizedTest
    @ValueSource(strings = {"num_hidden_layers", "num_attention_heads", "vocab_size"})
    void refusesModelsWithoutParts(String key, @TempDir Path folder) throws IOException {
        withOptions(folder, null).close();
        Path file = folder.resolve("config.json");
        Files.writeString(file, Files.readString(file).replaceFirst("\"" + key + "\": \\d+", "\"" + key + "\": 0"));
        Exception none = assertThrows(ConfigException.class, () -> TextGenerator.load(folder));
        assertTrue(none.getMessage().contains(key), none.getMessage());
    }
}
