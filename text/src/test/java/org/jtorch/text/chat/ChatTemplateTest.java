package org.jtorch.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
            if (!node.get("content").isTextual()) {
                further.put("content", Recorded.as(node.get("content"), Object.class));
            }
            messages.add(new ChatMessage(
                    node.get("role").asText(), node.get("content").asText(), further));
        }
        return messages;
    }

    /** Each part of the language gives the text of Python, or is refused; few are refused. */
    @Test
    void givesTheTextOfPythonOrAnError() {
        JsonNode recorded = Recorded.json("chat_templates.json");
        List<ChatMessage> messages = messages(recorded.get("messages"));
        List<String> unknown = new ArrayList<>();
        for (JsonNode row : recorded.get("parts")) {
            String template = row.get(0).asText();
            String expected = row.get(1).isNull() ? null : row.get(1).asText();
            String given = rendered(template, messages, variables(recorded.get("variables")));
            if (given == null && expected != null) {
                unknown.add(template);
            } else {
                assertEquals(expected, given, template);
            }
        }
        assertTrue(unknown.size() <= 29, unknown.toString());
    }

    @Test
    void writesAsManyModelsExpect() throws NoSuchAlgorithmException {
        JsonNode recorded = Recorded.json("chat_templates.json");
        for (JsonNode model : recorded.get("models")) {
            for (int i = 0; i < recorded.get("conversations").size(); i++) {
                List<ChatMessage> messages =
                        messages(recorded.get("conversations").get(i));
                for (int j = 0; j < recorded.get("choices").size(); j++) {
                    JsonNode expected = model.get("hashes").get(i).get(j);
                    String text = rendered(
                            model.get("template").asText(),
                            messages,
                            variables(recorded.get("choices").get(j)));
                    String hash = text == null
                            ? null
                            : HexFormat.of()
                                    .formatHex(MessageDigest.getInstance("SHA-256")
                                            .digest(text.getBytes(StandardCharsets.UTF_8)))
                                    .substring(0, 16);
                    assertEquals(
                            expected.isNull() ? null : expected.asText(), hash, model.get("template") + "\n" + text);
                }
            }
        }
    }

    private static @Nullable String rendered(
            String template, List<ChatMessage> messages, Map<String, Object> variables) {
        boolean prompts = Boolean.TRUE.equals(variables.remove("add_generation_prompt"));
        try {
            return new ChatTemplate(template, SPECIAL).apply(messages, prompts, variables);
        } catch (ChatTemplateException e) {
            return null;
        }
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
        Exception refused = assertThrows(ChatTemplateException.class, () -> new ChatTemplate(text, Map.of())
                .apply(List.of(ChatMessage.user("x"))));
        assertTrue(refused.getMessage().startsWith("line 1 of the template"), refused.getMessage());
    }

    @Test
    void doesNotReachJava() {
        for (String text : List.of(
                "{{ messages.getClass() }}",
                "{{ ''.getClass().forName('java.lang.Runtime') }}",
                "{{ messages[0].class.classLoader }}",
                "{{ messages.class }}",
                "{{ namespace.class }}")) {
            String output;
            try {
                output = new ChatTemplate(text, Map.of()).apply(List.of(ChatMessage.user("x")));
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
}
