package org.jtorch.serialize.format;

/**
 * Limits of what a file may contain. The defaults allow everything that PyTorch writes, and prevent a file from exhausting
 * the process. A file that exceeds a limit is refused with the name of the limit. For trusted files, raise it: {@code
 * Checkpoint.load(path, o -> o.limits(l -> l.nesting(2000)))}.
 */
public final class Limits {

    private int nesting = 1000;
    private int stack = 1 << 22;
    private int memo = 1 << 24;
    private int stringBytes = 1 << 28;
    private int intBytes = 1 << 12;
    private int keyValues = 1000;
    private int keyCollisions = 1000;
    private int pickleBytes = 1 << 28;
    private long sharedValues = 1L << 24;
    private long numel = 1L << 48;
    private long inflatedBytes = 192L << 20;
    private int inflationRatio = 100;

    /** Creates the default limits. */
    public Limits() {}

    /** Sets the depth of containers in containers; the default is 1000. */
    public Limits nesting(int nesting) {
        this.nesting = positive(nesting, "nesting");
        return this;
    }

    /** Returns the limit of {@link #nesting(int)}. */
    public int nesting() {
        return nesting;
    }

    /**
     * Sets the number of values on a pickle's stack, which includes the elements of a tuple; the default is 2<sup>22</sup>.
     */
    public Limits stack(int stack) {
        this.stack = positive(stack, "stack");
        return this;
    }

    /** Returns the limit of {@link #stack(int)}. */
    public int stack() {
        return stack;
    }

    /** Sets the number of values in a pickle's memo; the default is 2<sup>24</sup>. */
    public Limits memo(int memo) {
        this.memo = positive(memo, "memo");
        return this;
    }

    /** Returns the limit of {@link #memo(int)}. */
    public int memo() {
        return memo;
    }

    /** Sets the number of bytes of a str or of bytes; the default is 2<sup>28</sup>. */
    public Limits stringBytes(int stringBytes) {
        this.stringBytes = positive(stringBytes, "stringBytes");
        return this;
    }

    /** Returns the limit of {@link #stringBytes(int)}. */
    public int stringBytes() {
        return stringBytes;
    }

    /** Sets the number of bytes of an int; the default is 4096. */
    public Limits intBytes(int intBytes) {
        this.intBytes = positive(intBytes, "intBytes");
        return this;
    }

    /** Returns the limit of {@link #intBytes(int)}. */
    public int intBytes() {
        return intBytes;
    }

    /** Sets the number of values inside of a dict's key or a set's member; the default is 1000. */
    public Limits keyValues(int keyValues) {
        this.keyValues = positive(keyValues, "keyValues");
        return this;
    }

    /** Returns the limit of {@link #keyValues(int)}. */
    public int keyValues() {
        return keyValues;
    }

    /**
     * Sets the number of keys of one dict or set with the same hash, in addition to its first 100 entries; strs are not
     * counted. The default is 1000. The time for each such key is proportional to the number of the others.
     */
    public Limits keyCollisions(int keyCollisions) {
        this.keyCollisions = positive(keyCollisions, "keyCollisions");
        return this;
    }

    /** Returns the limit of {@link #keyCollisions(int)}. */
    public int keyCollisions() {
        return keyCollisions;
    }

    /** Sets the number of bytes of a pickle, which does not contain the tensors; the default is 2<sup>28</sup>. */
    public Limits pickleBytes(int pickleBytes) {
        this.pickleBytes = positive(pickleBytes, "pickleBytes");
        return this;
    }

    /** Returns the limit of {@link #pickleBytes(int)}. */
    public int pickleBytes() {
        return pickleBytes;
    }

    /**
     * Sets the number of values of a pickle, each counted as often as it is referred to, in addition to 64 for each byte of
     * the pickle; the default is 2<sup>24</sup>. A few bytes that refer to each other can describe an enormous number of
     * values.
     */
    public Limits sharedValues(long sharedValues) {
        this.sharedValues = positive(sharedValues, "sharedValues");
        return this;
    }

    /** Returns the limit of {@link #sharedValues(long)}. */
    public long sharedValues() {
        return sharedValues;
    }

    /**
     * Sets the number of elements of one tensor; the default is 2<sup>48</sup>. A tensor with stride 0 needs no bytes for
     * them.
     */
    public Limits numel(long numel) {
        this.numel = positive(numel, "numel");
        return this;
    }

    /** Returns the limit of {@link #numel(long)}. */
    public long numel() {
        return numel;
    }

    /**
     * Sets the number of bytes of all inflated storages of a zip archive, in addition to {@link #inflationRatio} times the
     * size of the file; the default is 192 MiB.
     */
    public Limits inflatedBytes(long inflatedBytes) {
        this.inflatedBytes = positive(inflatedBytes, "inflatedBytes");
        return this;
    }

    /** Returns the limit of {@link #inflatedBytes(long)}. */
    public long inflatedBytes() {
        return inflatedBytes;
    }

    /** Sets the greatest ratio of an inflated size to the deflated size; the default is 100. */
    public Limits inflationRatio(int inflationRatio) {
        this.inflationRatio = positive(inflationRatio, "inflationRatio");
        return this;
    }

    /** Returns the limit of {@link #inflationRatio(int)}. */
    public int inflationRatio() {
        return inflationRatio;
    }

    private static int positive(int value, String name) {
        return (int) positive((long) value, name);
    }

    private static long positive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException("the limit " + name + " is " + value + ", but must be at least 1");
        }
        return value;
    }
}
