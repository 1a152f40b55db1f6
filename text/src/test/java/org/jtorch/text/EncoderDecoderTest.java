package org.jtorch.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.text.chat.ChatMessage;
import org.jtorch.text.chat.ChatTemplateException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A {@link TextGenerator} of an encoder and decoder, which answers texts. */
class EncoderDecoderTest {

    private static final String FOLDER = "encoder_decoder";

    private static final JsonNode RECORDED = Recorded.json(FOLDER + "/recorded.json");

    private static final TextGenerator GENERATOR = TextGenerator.load(Recorded.path(FOLDER));

    @AfterAll
    static void close() {
        GENERATOR.close();
    }

    private static Consumer<GenerationOptions> options(JsonNode row) {
        return o -> row.get("options").fields().forEachRemaining(option -> {
            switch (option.getKey()) {
                case "num_beams" -> o.numBeams(option.getValue().asInt());
                case "max_new_tokens" -> o.maxNewTokens(option.getValue().asLong());
                default -> throw new AssertionError(option.getKey());
            }
        });
    }

    @Test
    void answersAsPython() {
        int ended = 0;
        for (JsonNode row : RECORDED.get("rows")) {
            String prompt = row.get("prompt").asText();
            GeneratedText text = GENERATOR.generate(prompt, options(row));
            assertEquals(Recorded.longs(row.get("tokens")), text.tokens(), row.toString());
            assertEquals(row.get("text").asText(), text.text(), row.toString());
            assertEquals(GENERATOR.tokenizer().encode(prompt).size(), text.promptTokens());
            ended += text.finishReason() == FinishReason.END ? 1 : 0;
        }
        assertTrue(ended > 0 && ended < RECORDED.get("rows").size(), ended + " texts ended");
    }

    @Test
    void streamsTheSameText() {
        for (JsonNode row : RECORDED.get("rows")) {
            if (!row.get("options").has("num_beams")) {
                try (Stream<String> pieces = GENERATOR.stream(row.get("prompt").asText(), options(row))) {
                    assertEquals(row.get("text").asText(), pieces.collect(Collectors.joining()), row.toString());
                }
            }
        }
    }

    @Test
    void answersBatchesAsPython() {
        JsonNode batch = RECORDED.get("batch");
        List<GeneratedText> all = GENERATOR.generateAll(Recorded.texts(batch.get("prompts")), o -> {});
        assertEquals(3, all.size());
        for (int i = 0; i < all.size(); i++) {
            List<Long> expected = Recorded.longs(batch.get("tokens").get(i));
            List<Long> tokens = all.get(i).tokens();
            assertEquals(expected.subList(0, tokens.size()), tokens);
            assertTrue(expected.subList(tokens.size(), expected.size()).stream().allMatch(each -> each == 0));
        }
    }

    @Test
    void conversationsNeedATemplate() {
        ChatTemplateException none = assertThrows(
                ChatTemplateException.class, () -> GENERATOR.chat(List.of(ChatMessage.user("Hello")), o -> {}));
        assertTrue(String.valueOf(none.getMessage()).contains("has no template of conversations"), none.toString());
        try (TextGenerator generator =
                TextGenerator.load(Recorded.path(FOLDER), o -> o.chatTemplate("{{ messages[0].content }}</s>"))) {
            assertEquals(
                    GENERATOR.generate("The whale"), generator.chat(List.of(ChatMessage.user("The whale")), o -> {}));
        }
    }

    @Test
    void isWrittenAndReadAgain(@TempDir Path folder) {
        GENERATOR.savePretrained(folder);
        try (TextGenerator again = TextGenerator.load(folder)) {
            assertEquals(GENERATOR.generate("The whale"), again.generate("The whale"));
        }
        TextGenerator other = TextGenerator.of(GENERATOR.model(), GENERATOR.tokenizer());
        assertEquals(
                GENERATOR.generate("The whale", o -> o.maxNewTokens(3)).tokens(),
                other.generate("The whale", o -> o.maxNewTokens(3)).tokens());
    }

    @Test
    void anEncoderAloneIsRefused(@TempDir Path folder) throws Exception {
        for (String file : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Recorded.path(FOLDER + "/" + file), folder.resolve(file));
        }
        String config = Files.readString(Recorded.path(FOLDER + "/config.json"));
        Files.writeString(
                folder.resolve("config.json"), config.replace("T5ForConditionalGeneration", "T5EncoderModel"));
        Exception encoder = assertThrows(ConfigException.class, () -> TextGenerator.load(folder));
        assertTrue(String.valueOf(encoder.getMessage()).contains("is a T5EncoderModel"), encoder.toString());
    }
}
