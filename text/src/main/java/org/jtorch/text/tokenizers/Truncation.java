package org.jtorch.text.tokenizers;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts tokens as Hugging Face's tokenizers do with the strategy {@code longest_first}. If both of two texts are cut, and to an odd
 * number of tokens, the longer one keeps one more; there the newest of Hugging Face's versions differs from the older ones.
 */
final class Truncation {

    private Truncation() {}

    /**
     * Cuts tokens.
     *
     * @param tokens the tokens of the whole text, or of two
     * @param maxLength the greatest number of tokens, with those that are added
     * @param side the side that is cut
     * @return the tokens that remain
     * @throws TokenizerException if there is no room for the tokens that are added
     */
    static Tokens apply(Tokens tokens, int maxLength, PaddingSide side) {
        if (tokens.size() <= maxLength) {
            return tokens;
        }
        long[] sequences = tokens.sequences();
        int first = count(sequences, 0);
        int second = count(sequences, 1);
        int room = maxLength - (tokens.size() - first - second);
        if (room < 0) {
            throw new TokenizerException("maxLength is " + maxLength + ", but the tokenizer adds "
                    + (tokens.size() - first - second) + " special tokens to a text: give a greater one");
        }
        int keptOfFirst = second == 0 ? room : keptOfFirst(first, second, room);
        int keptOfSecond = second == 0 ? 0 : room - keptOfFirst;
        List<Integer> kept = new ArrayList<>();
        int[] seen = new int[2];
        for (int i = 0; i < sequences.length; i++) {
            int sequence = (int) sequences[i];
            if (sequence < 0) {
                kept.add(i);
                continue;
            }
            int all = sequence == 0 ? first : second;
            int keep = sequence == 0 ? keptOfFirst : keptOfSecond;
            int place = seen[sequence]++;
            if (side == PaddingSide.RIGHT ? place < keep : place >= all - keep) {
                kept.add(i);
            }
        }
        return select(tokens, kept);
    }

    /** Returns how many tokens of the first of two texts remain. */
    private static int keptOfFirst(int first, int second, int room) {
        int shorter = Math.min(first, second);
        int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second ? longer : shorter;
    }

    private static int count(long[] sequences, int sequence) {
        int count = 0;
        for (long each : sequences) {
            if (each == sequence) {
                count++;
            }
        }
        return count;
    }

    private static Tokens select(Tokens tokens, List<Integer> kept) {
        int size = kept.size();
        long[] ids = new long[size];
        long[] types = new long[size];
        long[] sequences = new long[size];
        boolean[] special = new boolean[size];
        List<String> texts = new ArrayList<>();
        List<Offset> offsets = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int from = kept.get(i);
            ids[i] = tokens.id(from);
            types[i] = tokens.typeId(from);
            sequences[i] = tokens.sequence(from);
            special[i] = tokens.isSpecial(from);
            texts.add(tokens.texts().get(from));
            offsets.add(tokens.offsets().get(from));
        }
        return new Tokens(ids, types, sequences, texts, offsets, special, true);
    }
}
