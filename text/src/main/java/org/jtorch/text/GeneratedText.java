package org.jtorch.text;

import java.util.List;

/**
 * What a model said after a prompt.
 *
 * @param text the text, without the prompt, without special tokens, and without the text that stopped it
 * @param tokens the numbers of the new tokens
 * @param promptTokens the number of tokens of the prompt
 * @param finishReason why it ended
 */
public record GeneratedText(String text, List<Long> tokens, int promptTokens, FinishReason finishReason) {

    /** Copies the tokens. */
    public GeneratedText {
        tokens = List.copyOf(tokens);
    }
}
