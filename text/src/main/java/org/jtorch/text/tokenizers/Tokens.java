package org.jtorch.text.tokenizers;

import java.util.Arrays;
import java.util.List;

/** The tokens of a text, or of two. It does not change. */
public final class Tokens {

    private final long[] ids;
    private final long[] typeIds;
    private final long[] sequences;
    private final List<String> texts;
    private final List<Offset> offsets;
    private final boolean[] special;
    private final boolean truncated;

    /**
     * Creates tokens.
     *
     * @param ids the numbers of the tokens
     * @param typeIds the value of {@code token_type_ids} of each
     * @param sequences the text of each: 0 or 1, and -1 for those that were added
     * @param texts the tokens as the vocabulary has them
     * @param offsets the part of the text of each
     * @param special whether each was added, as {@code [CLS]}
     * @param truncated whether a part of the text was cut
     */
    public Tokens(
            long[] ids,
            long[] typeIds,
            long[] sequences,
            List<String> texts,
            List<Offset> offsets,
            boolean[] special,
            boolean truncated) {
        this.ids = ids.clone();
        this.typeIds = typeIds.clone();
        this.sequences = sequences.clone();
        this.texts = List.copyOf(texts);
        this.offsets = List.copyOf(offsets);
        this.special = special.clone();
        this.truncated = truncated;
        int size = ids.length;
        if (typeIds.length != size
                || sequences.length != size
                || texts.size() != size
                || offsets.size() != size
                || special.length != size) {
            throw new IllegalArgumentException("there are " + size + " ids, but " + typeIds.length + " types, "
                    + sequences.length + " numbers of texts, " + texts.size() + " tokens, " + offsets.size()
                    + " offsets and " + special.length + " marks of special tokens: all must be as many");
        }
    }

    /** Returns the number of tokens. */
    public int size() {
        return ids.length;
    }

    /** Returns the number of a token. */
    public long id(int index) {
        return ids[index];
    }

    /** Returns the number of a token that a model of pairs takes. */
    public long typeId(int index) {
        return typeIds[index];
    }

    /** Returns the text of a token: 0 or 1, and -1 if it was added. */
    public int sequence(int index) {
        return (int) sequences[index];
    }

    /** Returns whether a token was added to the text. */
    public boolean isSpecial(int index) {
        return special[index];
    }

    /** Returns the numbers of the tokens, {@code input_ids}. */
    public long[] ids() {
        return ids.clone();
    }

    /** Returns the numbers that a model of pairs takes, {@code token_type_ids}. */
    public long[] typeIds() {
        return typeIds.clone();
    }

    /** Returns the text of each token: 0 or 1, and -1 for those that were added. */
    public long[] sequences() {
        return sequences.clone();
    }

    /** Returns the tokens as the vocabulary has them. */
    public List<String> texts() {
        return texts;
    }

    /** Returns the part of the text of each token, in {@code char}s; those that were added have 0 and 0. */
    public List<Offset> offsets() {
        return offsets;
    }

    /** Returns whether a part of the text was cut. */
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tokens tokens
                && Arrays.equals(ids, tokens.ids)
                && Arrays.equals(typeIds, tokens.typeIds)
                && Arrays.equals(sequences, tokens.sequences)
                && texts.equals(tokens.texts)
                && offsets.equals(tokens.offsets)
                && Arrays.equals(special, tokens.special)
                && truncated == tokens.truncated;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return texts.toString();
    }
}
