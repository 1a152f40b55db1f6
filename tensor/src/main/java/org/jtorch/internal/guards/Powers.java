package org.jtorch.internal.guards;

/** Powers of matrices. */
public final class Powers {

    private Powers() {}

    /**
     * Refuses the exponent that has no absolute value: the engine squares for ever.
     *
     * @throws IllegalArgumentException if it is that
     */
    public static void check(long n) {
        if (n == Long.MIN_VALUE) {
            throw new IllegalArgumentException("the exponent of a matrix must be greater than " + n);
        }
    }
}
