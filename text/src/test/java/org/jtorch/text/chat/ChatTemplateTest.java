package org.jtorch.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.text.Recorded;
import org.jtorch.text.tokenizers.PaddingSide;
import org.jtorch.text.tokenizers.TokenizerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {

    private static final Map<String, String> SPECIAL = Map.of("bos_token", "<s>", "eos_token", "</s>");

    private static final JsonNode RECORDED = Recorded.json("conversations.json");

    static Stream<String> names() {
        List<String> names = new ArrayList<>();
        RECORDED.get("templates").fieldNames().forEachRemaining(names::add);
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void writesAsPython(String name) {
        ChatTemplate template =
                new ChatTemplate(RECORDED.get("templates").get(name).asText(), SPECIAL);
        int compared = 0;
        for (JsonNode row : RECORDED.get("rows")) {
            if (!row.get("template").asText().equals(name)) {
                continue;
            }
            Map<String, Object> variables = variables(row.get("variables"));
            boolean prompts = Boolean.TRUE.equals(variables.remove("add_generation_prompt"));
            List<ChatMessage> messages = messages(row.get("messages"));
            if (row.has("refused")) {
                ChatTemplateException refused = assertThrows(
                        ChatTemplateException.class,
                        () -> template.apply(messages, prompts, variables),
                        row.toString());
                assertTrue(refused.getMessage().contains(row.get("refused").asText()), refused.getMessage());
            } else {
                assertEquals(row.get("text").asText(), template.apply(messages, prompts, variables), row.toString());
            }
            compared++;
        }
        assertTrue(compared >= 15);
    }

    @SuppressWarnings("unchecked") // as JSON is
    private static Map<String, Object> variables(JsonNode node) {
        return Recorded.as(node, LinkedHashMap.class);
    }

    private static List<ChatMessage> messages(JsonNode nodes) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode node : nodes) {
            Map<String, Object> further = variables(node);
            further.remove("role");
            further.remove("content");
            messages.add(new ChatMessage(
                    node.get("role").asText(), node.get("content").asText(), further));
        }
        return messages;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if x %}",
                "{{ messages[0].content.casefold() }}",
                "{{ unknown() }}",
                "{{ 1 + }}",
                "{% unknown %}",
                "{% for %}{% endfor %}",
                "{{ strftime_now('%Q') }}"
            })
    void refusesWhatItCannotRun(String text) {
        ChatTemplate template = new ChatTemplate(text, Map.of());
        assertThrows(ChatTemplateException.class, () -> template.apply(List.of(ChatMessage.user("x"))));
    }

    @Test
    void doesNotReachJava() {
        for (String text : List.of(
                "{{ messages.getClass() }}",
                "{{ ''.getClass().forName('java.lang.Runtime') }}",
                "{{ messages[0].class.classLoader }}")) {
            ChatTemplate template = new ChatTemplate(text, Map.of());
            String output;
            try {
                output = template.apply(List.of(ChatMessage.user("x")));
            } catch (ChatTemplateException e) {
                output = "";
            }
            assertEquals("", output, text);
        }
    }

    @Test
    void namesTheTemplatesThereAre() {
        TokenizerConfig none = config(Map.of());
        Exception missing = assertThrows(ChatTemplateException.class, () -> ChatTemplate.of(none));
        assertTrue(missing.getMessage().contains("no template"), missing.getMessage());
        TokenizerConfig one = config(Map.of("tool_use", "{{ bos_token }}{{ messages[0].content }}"));
        Exception other = assertThrows(ChatTemplateException.class, () -> ChatTemplate.of(one));
        assertTrue(other.getMessage().contains("[tool_use]"), other.getMessage());
        assertEquals("<s>x", ChatTemplate.of(one, "tool_use").apply(List.of(ChatMessage.user("x"))));
    }

    private static TokenizerConfig config(Map<String, String> templates) {
        return new TokenizerConfig(
                SPECIAL, Map.of(), null, PaddingSide.LEFT, PaddingSide.RIGHT, false, false, templates);
    }

    @Test
    void writesTimes() {
        ZonedDateTime time = ZonedDateTime.of(2026, 3, 7, 15, 4, 9, 0, ZoneOffset.UTC);
        assertEquals(
                "07 Mar 2026 15:04:09 Saturday 03 PM 066 100%",
                Strftime.format("%d %b %Y %H:%M:%S %A %I %p %j 100%%", time));
    }
}
