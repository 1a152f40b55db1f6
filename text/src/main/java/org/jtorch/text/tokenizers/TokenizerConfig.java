package org.jtorch.text.tokenizers;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a tokenizer beside its vocabulary; in a folder of the Hub, {@code tokenizer_config.json}.
 *
 * @param specialTokens the special tokens by their roles: {@code bos_token}, {@code eos_token}, {@code unk_token}, {@code sep_token},
 *     {@code pad_token}, {@code cls_token}, {@code mask_token}
 * @param addedTokens the numbers of the tokens that are not cut, among them all special ones
 * @param modelMaxLength the greatest number of tokens that the model takes; null if it is not known
 * @param paddingSide the side on which shorter texts are padded
 * @param truncationSide the side on which longer texts are cut
 * @param givesTypes whether the model is given {@code token_type_ids}
 * @param cleanUpSpaces whether the spaces before punctuation are removed from decoded texts
 * @param chatTemplates the templates of conversations by their names; that without a name is {@code default}
 */
public record TokenizerConfig(
        Map<String, String> specialTokens,
        Map<String, Long> addedTokens,
        @Nullable Integer modelMaxLength,
        PaddingSide paddingSide,
        PaddingSide truncationSide,
        boolean givesTypes,
        boolean cleanUpSpaces,
        Map<String, String> chatTemplates) {

    /** Copies the maps. */
    public TokenizerConfig {
        specialTokens = Map.copyOf(specialTokens);
        addedTokens = Map.copyOf(addedTokens);
        chatTemplates = Map.copyOf(chatTemplates);
    }

    /** Returns the number of the special token of a role, such as {@code eos_token}; null if there is none. */
    public @Nullable Long id(String role) {
        String token = specialTokens.get(role);
        return token == null ? null : addedTokens.get(token);
    }

    /** Returns the number of the token that pads; if there is none, that of the end, and 0 if there is none either. */
    public long padTokenIdOrZero() {
        Long pad = id("pad_token");
        Long end = id("eos_token");
        return pad != null ? pad : end != null ? end : 0;
    }
}
