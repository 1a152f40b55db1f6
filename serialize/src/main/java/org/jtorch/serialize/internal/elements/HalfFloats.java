package org.jtorch.serialize.internal.elements;

/** Converts numbers of IEEE 754's binary16, for which Java 17 has no type. */
public final class HalfFloats {

    private HalfFloats() {}

    /** Returns the value of {@code bits}. */
    public static double value(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double size = exponent == 0x1f
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb(1024.0 + fraction, exponent - 25);
        return bits < 0 ? -size : size;
    }

    /** Returns the bits of the nearest value. If two values are equally near, the even one is returned. */
    public static short bits(double value) {
        int sign = (int) (Double.doubleToRawLongBits(value) >>> 48) & 0x8000;
        double size = Math.abs(value);
        if (Double.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        // the distance between neighbours; below the least normal number it stays the same
        int exponent = Math.max(Math.getExponent(size), -14);
        long steps = exponent > 15 ? Long.MAX_VALUE : (long) Math.rint(Math.scalb(size, 10 - exponent));
        // 1024 to 2048 steps of a normal value; adding carries into the exponent
        long bits = exponent > 15 ? 0x7c00 : Math.min(0x7c00, ((long) (exponent + 14) << 10) + steps);
        return (short) (sign | bits);
    }
}
