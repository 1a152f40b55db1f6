package org.jtorch.text.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of a conversation.
 *
 * @param role who says it: {@code system}, {@code user}, {@code assistant}, or another one that the template knows
 * @param content what is said
 * @param further other values that the template reads, such as {@code tool_calls}; {@code content} here takes the place of the
 *     content, so that a message may have a list of parts, or null
 */
public record ChatMessage(String role, String content, Map<String, ?> further) {

    /** Copies the map. */
    public ChatMessage {
        further = Collections.unmodifiableMap(new LinkedHashMap<>(further));
    }

    /** Creates a message without other values. */
    public ChatMessage(String role, String content) {
        this(role, content, Map.of());
    }

    /** Creates a message that says how the model should answer. */
    public static ChatMessage system(String content) {
        return new ChatMessage("system", content);
    }

    /** Creates a message to the model. */
    public static ChatMessage user(String content) {
        return new ChatMessage("user", content);
    }

    /** Creates a message of the model. */
    public static ChatMessage assistant(String content) {
        return new ChatMessage("assistant", content);
    }

    /** Returns the values as a template reads them. */
    Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("role", role);
        values.put("content", content);
        values.putAll(further);
        return values;
    }
}
