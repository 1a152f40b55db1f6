package org.jtorch.serialize.internal.contents;

import org.jtorch.serialize.format.CheckpointException;

/**
 * Limits the state dict of a tree of modules. A shared module is visited as often as something refers to it, so that a few
 * modules could have more keys than fit in memory.
 */
public final class KeyBudget {

    private static final int MAX_KEYS = 1 << 21;
    private static final long MAX_CHARS = 1L << 26;

    private static final int MAX_LOOKS = 1 << 26;

    private int keys = MAX_KEYS;
    private long looks = MAX_LOOKS;
    private long chars = MAX_CHARS;

    /** Counts a key, or a module's prefix, and returns it. */
    public String take(String key) {
        keys--;
        chars -= key.length();
        if (keys < 0 || chars < 0) {
            throw new CheckpointException("the file's modules have more than " + MAX_KEYS + " keys, or " + MAX_CHARS
                    + " characters of them, by referring to each other");
        }
        return key;
    }

    /** Counts entries that are visited, even if they do not become keys. */
    public void look(int entries) {
        looks -= entries;
        if (looks < 0) {
            throw new CheckpointException(
                    "the file's modules have more than " + MAX_LOOKS + " attributes, by referring to each other");
        }
    }
}
