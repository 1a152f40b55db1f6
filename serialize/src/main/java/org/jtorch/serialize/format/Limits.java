package org.jtorch.serialize.format;

/**
 * How far a file may go: generous for what PyTorch writes, and low enough that none takes the process with it. A file that
 * goes further is refused, with the limit's name; raise it for files that are trusted:
 * {@code Checkpoint.load(path, o -> o.limits(l -> l.nesting(2000)))}.
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

    /** The defaults. */
    public Limits() {}

    /** Containers in containers; 1000. */
    public Limits nesting(int nesting) {
        this.nesting = positive(nesting, "nesting");
        return this;
    }

    /** The limit of {@link #nesting(int)}. */
    public int nesting() {
        return nesting;
    }

    /** Values on a pickle's stack at once, where a tuple's elements stand together; 2<sup>22</sup>. */
    public Limits stack(int stack) {
        this.stack = positive(stack, "stack");
        return this;
    }

    /** The limit of {@link #stack(int)}. */
    public int stack() {
        return stack;
    }

    /** Values that a pickle remembers; 2<sup>24</sup>. */
    public Limits memo(int memo) {
        this.memo = positive(memo, "memo");
        return this;
    }

    /** The limit of {@link #memo(int)}. */
    public int memo() {
        return memo;
    }

    /** Bytes of a str or of bytes; 2<sup>28</sup>. */
    public Limits stringBytes(int stringBytes) {
        this.stringBytes = positive(stringBytes, "stringBytes");
        return this;
    }

    /** The limit of {@link #stringBytes(int)}. */
    public int stringBytes() {
        return stringBytes;
    }

    /** Bytes of an int; 4096. */
    public Limits intBytes(int intBytes) {
        this.intBytes = positive(intBytes, "intBytes");
        return this;
    }

    /** The limit of {@link #intBytes(int)}. */
    public int intBytes() {
        return intBytes;
    }

    /** Values inside of a dict's key or a set's member; 1000. */
    public Limits keyValues(int keyValues) {
        this.keyValues = positive(keyValues, "keyValues");
        return this;
    }

    /** The limit of {@link #keyValues(int)}. */
    public int keyValues() {
        return keyValues;
    }

    /**
     * Keys of one dict or set whose hash is the same, beyond its first 100 entries; str is not counted. Each costs as much time
     * as there are others; 1000.
     */
    public Limits keyCollisions(int keyCollisions) {
        this.keyCollisions = positive(keyCollisions, "keyCollisions");
        return this;
    }

    /** The limit of {@link #keyCollisions(int)}. */
    public int keyCollisions() {
        return keyCollisions;
    }

    /** Bytes of a pickle, which does not hold the tensors; 2<sup>28</sup>. */
    public Limits pickleBytes(int pickleBytes) {
        this.pickleBytes = positive(pickleBytes, "pickleBytes");
        return this;
    }

    /** The limit of {@link #pickleBytes(int)}. */
    public int pickleBytes() {
        return pickleBytes;
    }

    /**
     * Values that a pickle stands for, each counted as often as it is met, beyond 64 for each of its bytes: a few bytes that
     * refer to each other can stand for more values than there are atoms; 2<sup>24</sup>.
     */
    public Limits sharedValues(long sharedValues) {
        this.sharedValues = positive(sharedValues, "sharedValues");
        return this;
    }

    /** The limit of {@link #sharedValues(long)}. */
    public long sharedValues() {
        return sharedValues;
    }

    /** Elements of one tensor: one of stride 0 takes no bytes for them; 2<sup>48</sup>. */
    public Limits numel(long numel) {
        this.numel = positive(numel, "numel");
        return this;
    }

    /** The limit of {@link #numel(long)}. */
    public long numel() {
        return numel;
    }

    /** Bytes to which all of a zip archive's storages may inflate, beyond {@link #inflationRatio} times the file; 192 MiB. */
    public Limits inflatedBytes(long inflatedBytes) {
        this.inflatedBytes = positive(inflatedBytes, "inflatedBytes");
        return this;
    }

    /** The limit of {@link #inflatedBytes(long)}. */
    public long inflatedBytes() {
        return inflatedBytes;
    }

    /** How many times its deflated size something may have; 100. */
    public Limits inflationRatio(int inflationRatio) {
        this.inflationRatio = positive(inflationRatio, "inflationRatio");
        return this;
    }

    /** The limit of {@link #inflationRatio(int)}. */
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
