package org.jtorch.text;

import java.util.Arrays;
import org.jtorch.text.tokenizers.Tokenizer;

/**
 * The text of tokens that come one by one. A token may be a part of a character, and its text may depend on the tokens before, so
 * that text is given only if it will not change.
 */
final class TokenText {

    private static final char INCOMPLETE = '\uFFFD';

    private final Tokenizer tokenizer;
    private final boolean cleansUp;
    private long[] ids = new long[16];
    private int size;

    /** The first token of those that are made into text again, and the first one whose text was not given. */
    private int first;

    private int given;

    /** The length of the text that was given. */
    private int givenChars;

    TokenText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        this.cleansUp = tokenizer.config().cleanUpSpaces();
    }

    /** Adds a token, and returns the text that it completes. */
    String add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = id;
        return text(false);
    }

    /** Returns the text that is still missing. */
    String finish() {
        return text(true);
    }

    private String text(boolean isEnd) {
        return cleansUp ? textBeforeLastSpace(isEnd) : textOfWholeTokens(isEnd);
    }

    private String textOfWholeTokens(boolean isEnd) {
        String before = tokenizer.decode(Arrays.copyOfRange(ids, first, given), true);
        String now = tokenizer.decode(Arrays.copyOfRange(ids, first, size), true);
        boolean isWhole = now.isEmpty() || now.charAt(now.length() - 1) != INCOMPLETE;
        if (now.length() <= before.length() || (!isWhole && !isEnd) || !now.startsWith(before)) {
            return "";
        }
        first = given;
        given = size;
        return now.substring(before.length());
    }

    /** A tokenizer that removes spaces may still change the last word. */
    private String textBeforeLastSpace(boolean isEnd) {
        String now = tokenizer.decode(Arrays.copyOf(ids, size), true);
        int end = isEnd ? now.length() : Math.max(now.lastIndexOf(' '), givenChars);
        String piece = now.length() < givenChars ? "" : now.substring(givenChars, end);
        givenChars = Math.max(end, givenChars);
        return piece;
    }
}
