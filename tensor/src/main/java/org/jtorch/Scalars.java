package org.jtorch;

import org.bytedeco.pytorch.Scalar;

/** A cache of the engine's scalars, so that {@code x.mul(0.5)} in a loop creates only one. */
final class Scalars {

    /** A scalar and its value. It is immutable, so a race can at worst create a second one. */
    private record Entry(long bits, boolean integral, Scalar scalar) {}

    private static final int SIZE = 512;
    private static final Entry[] CACHE = new Entry[SIZE];

    private Scalars() {}

    static Scalar of(Number value) {
        boolean integral =
                value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
        long bits = integral ? value.longValue() : Double.doubleToRawLongBits(value.doubleValue());
        long mixed = (bits ^ (integral ? 0 : 1)) * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 55);
        Entry entry = CACHE[slot];
        if (entry == null || entry.bits != bits || entry.integral != integral) {
            entry = new Entry(bits, integral, integral ? new Scalar(bits) : new Scalar(value.doubleValue()));
            CACHE[slot] = entry;
        }
        return entry.scalar;
    }
}
