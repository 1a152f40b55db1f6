package org.jtorch.text.tokenizers;

/**
 * The part of a text that a token was made of: {@code text.substring(begin, end)}. Both are 0 if the token was added.
 *
 * @param begin the index of the first {@code char}
 * @param end the index after the last {@code char}
 */
public record Offset(int begin, int end) {

    /** Of a token that was added. */
    public static final Offset NONE = new Offset(0, 0);
}
