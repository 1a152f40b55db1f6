package org.jtorch.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.jtorch.text.tokenizers.EncodeOptions;
import org.jtorch.text.tokenizers.HuggingFaceTokenizer;
import org.jtorch.text.tokenizers.Tokenizer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte_level", "unigram", "byte_fallback"})
    void thePiecesMakeTheWholeText(String name) {
        try (Tokenizer tokenizer = HuggingFaceTokenizer.load(Recorded.path("tokenizers/" + name))) {
            for (String text : List.of(
                    "The cat sits on the mat.", "emoji 😀👍🏽 family 👨‍👩‍👧 end", "日本語 naïve  two", "don't, it's.")) {
                long[] ids =
                        tokenizer.encode(text, null, EncodeOptions.DEFAULTS).ids();
                TokenText pieces = new TokenText(tokenizer);
                StringBuilder joined = new StringBuilder();
                for (long id : ids) {
                    String piece = pieces.add(id);
                    assertFalse(piece.endsWith("\uFFFD"), piece);
                    joined.append(piece);
                }
                joined.append(pieces.finish());
                assertEquals(tokenizer.decode(ids), joined.toString());
            }
        }
    }
}
