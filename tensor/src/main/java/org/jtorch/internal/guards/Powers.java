package org.jtorch.internal.guards;

/** Checks exponents of matrix powers. */
public final class Powers {

    private Powers() {}

    /**
     * Refuses the least long, which has no absolute value. The engine would loop forever.
     *
     * @throws IllegalArgumentException if {@code n} is the least long
     */
    public static void check(long n) {
        if (n == Long.MIN_VALUE) {
            throw new IllegalArgumentException("the exponent of a matrix must be greater than " + n);
        }
    }
}
