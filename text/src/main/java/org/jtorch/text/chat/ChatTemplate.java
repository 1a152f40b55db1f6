package org.jtorch.text.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.text.tokenizers.TokenizerConfig;

/**
 * Makes a conversation into the text that a model continues, by the template in its folder, as {@code apply_chat_template} of
 * {@code transformers} does.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.of(tokenizer.config());
 * String prompt = template.apply(List.of(ChatMessage.user("Hello")), o -> {});
 * }</pre>
 *
 * <p>Templates are written in Jinja and run by Jinjava. What it does not know is refused; it prints {@code None} as nothing, and
 * {@code True} as {@code true}. What the messages contain is never run.
 */
public final class ChatTemplate {

    private static final long MAX_OUTPUT = 64L << 20;

    private static final Jinjava JINJA = jinja();

    private final String text;
    private final String prepared;
    private final Map<String, String> specialTokens;

    /**
     * Creates a template.
     *
     * @param text the template
     * @param specialTokens the special tokens by their roles, such as {@code bos_token}
     */
    public ChatTemplate(String text, Map<String, String> specialTokens) {
        this.text = text;
        this.prepared = TemplateText.prepare(text);
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * Returns the template of a tokenizer.
     *
     * @throws ChatTemplateException if it has none
     */
    public static ChatTemplate of(TokenizerConfig config) {
        return of(config, "default");
    }

    /**
     * Returns one of the templates of a tokenizer.
     *
     * @param name the name of the template, such as {@code tool_use}
     * @throws ChatTemplateException if it has none of this name
     */
    public static ChatTemplate of(TokenizerConfig config, String name) {
        String text = config.chatTemplates().get(name);
        if (text == null) {
            throw new ChatTemplateException(
                    config.chatTemplates().isEmpty()
                            ? "this tokenizer has no template of conversations, since its model was not trained on them:"
                                    + " give the model a prompt, or set a template with chatTemplate"
                            : "this tokenizer has no template '" + name + "', only "
                                    + config.chatTemplates().keySet());
        }
        return new ChatTemplate(text, config.specialTokens());
    }

    /** Makes a conversation into a text that the model continues with its answer. */
    public String apply(List<ChatMessage> messages) {
        return apply(messages, true, Map.of());
    }

    /**
     * Makes a conversation into a text.
     *
     * @param messages the conversation
     * @param addGenerationPrompt whether the text ends with the beginning of an answer
     * @param variables other values that the template reads, such as {@code tools} or {@code enable_thinking}
     * @return the text, which already contains the special tokens
     * @throws ChatTemplateException if the template refuses the conversation, or contains what cannot be run
     */
    public String apply(List<ChatMessage> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("tools", null);
        values.put("documents", null);
        values.putAll(specialTokens);
        values.put("messages", messages.stream().map(ChatMessage::values).toList());
        values.put("add_generation_prompt", addGenerationPrompt);
        values.putAll(variables);
        RenderResult result = JINJA.renderForResult(prepared, values);
        for (TemplateError error : result.getErrors()) {
            if (error.getReason() != TemplateError.ErrorReason.UNKNOWN) { // a value that is not there is nothing
                throw failure(error);
            }
        }
        return result.getOutput();
    }

    private static ChatTemplateException failure(TemplateError error) {
        for (Throwable each = error.getException(); each != null; each = each.getCause()) {
            if (each instanceof ChatTemplateException refusal) {
                return new ChatTemplateException(
                        "the template refuses this conversation: " + refusal.getMessage(), refusal);
            }
        }
        return new ChatTemplateException(
                "line " + error.getLineno() + " of the template of conversations cannot be run: " + error.getMessage());
    }

    private static Jinjava jinja() {
        JinjavaConfig config = JinjavaConfig.newBuilder()
                .withNestedInterpretationEnabled(false)
                .withEnableRecursiveMacroCalls(true)
                .withMaxMacroRecursionDepth(100)
                .withMaxOutputSize(MAX_OUTPUT)
                .withElResolver(new PythonResolver())
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withIterateOverMapKeys(true)
                        .withEvaluateMapKeys(true)
                        .withUsePyishObjectMapper(true)
                        .withUseNaturalOperatorPrecedence(true)
                        .withKeepNullableLoopValues(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .build())
                .build();
        Jinjava jinja = new Jinjava(config);
        TemplateFunctions.addTo(jinja);
        return jinja;
    }

    /** Returns the template's text. */
    @Override
    public String toString() {
        return text;
    }
}
