package org.jtorch.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jtorch.models.generation.GenerationOptions;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.text.chat.ChatMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

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
    void refusesWhatDoesNotFit() {
        Exception beams = assertThrows(IllegalArgumentException.class, () -> GENERATOR.stream("x", o -> o.numBeams(2)));
        assertTrue(beams.getMessage().contains("numBeams is 2"), beams.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> GENERATOR.generate("x", o -> o.numBeams(2).stopStrings("a")));
        assertThrows(IllegalArgumentException.class, () -> GENERATOR.generate("x", o -> o.stopStrings("")));
        Exception empty = assertThrows(IllegalArgumentException.class, () -> GENERATOR.generate(""));
        assertTrue(empty.getMessage().contains("token"), empty.getMessage());
        Exception other = assertThrows(ConfigException.class, () -> TextGenerator.load(Recorded.path("embedder")));
        assertTrue(other.getMessage().contains("BertModel"), other.getMessage());
    }
}
