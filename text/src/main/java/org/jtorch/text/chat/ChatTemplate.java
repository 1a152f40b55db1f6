package org.jtorch.text.chat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.text.internal.jinja.JinjaError;
import org.jtorch.text.internal.jinja.Raised;
import org.jtorch.text.internal.jinja.Template;
import org.jtorch.text.tokenizers.TokenizerConfig;

/**
 * Makes a conversation into the text that a model continues, by the template in its folder, as {@code apply_chat_template} of
 * {@code transformers} does.
 *
 * <pre>{@code
 * ChatTemplate template = ChatTemplate.of(tokenizer.config());
 * String prompt = template.apply(List.of(ChatMessage.user("Hello")));
 * }</pre>
 *
 * <p>Templates are written in Jinja, whose language is known here as far as templates of conversations use it: all of its
 * expressions, and the tags {@code if}, {@code for}, {@code set}, {@code macro}, {@code call}, {@code filter}, {@code with},
 * {@code raw}, {@code generation}, {@code break} and {@code continue}. What is not known, such as {@code include} or the filter
 * {@code groupby}, is an error and never another text. What the messages contain is never run, and a template reaches nothing of
 * Java.
 */
public final class ChatTemplate {

    private final String text;
    private final Template template;
    private final Map<String, String> specialTokens;

    /**
     * Creates a template.
     *
     * @param text the template
     * @param specialTokens the special tokens by their roles, such as {@code bos_token}
     * @throws ChatTemplateException if the text is no template, or contains what is not known
     */
    public ChatTemplate(String text, Map<String, String> specialTokens) {
        this.text = text;
        try {
            this.template = Template.parse(text);
        } catch (JinjaError e) {
            throw failure(e);
        } catch (StackOverflowError e) {
            throw new ChatTemplateException(
                    "the template of conversations has too many brackets or tags in each other", e);
        }
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * Returns the template of a tokenizer.
     *
     * @throws ChatTemplateException if it has none, or one that contains what is not known
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
                                    + " give the model a prompt, or a template with TextOptions.chatTemplate"
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
        try {
            return template.render(values);
        } catch (Raised e) {
            throw new ChatTemplateException("the template refuses this conversation: " + e.getMessage(), e);
        } catch (JinjaError e) {
            throw failure(e);
        } catch (ArithmeticException e) {
            throw new ChatTemplateException("the template of conversations computes a number that is too large", e);
        } catch (StackOverflowError e) {
            throw new ChatTemplateException("the template of conversations calls itself too often", e);
        }
    }

    private static ChatTemplateException failure(JinjaError error) {
        String place = error.line() > 0 ? "line " + error.line() + " of the template" : "the template";
        return new ChatTemplateException(place + " of conversations cannot be run: " + error.getMessage(), error);
    }

    /** Returns the template's text. */
    @Override
    public String toString() {
        return text;
    }
}
