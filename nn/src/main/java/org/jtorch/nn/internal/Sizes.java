package org.jtorch.nn.internal;

import java.util.Arrays;

/** Sizes that are given as one number for all spatial dimensions or as one for each. */
public final class Sizes {

    private Sizes() {}

    /**
     * Returns one value for each of {@code dims} spatial dimensions.
     *
     * @param name the argument's name, for the message
     * @param values one value, which holds for all, or {@code dims}
     * @return a fresh array of {@code dims} values
     * @throws IllegalArgumentException if there are neither one nor {@code dims}
     */
    public static long[] expand(String name, int dims, long... values) {
        check(name, dims, values);
        long[] expanded = Arrays.copyOf(values, dims);
        if (values.length == 1) {
            Arrays.fill(expanded, values[0]);
        }
        return expanded;
    }

    /**
     * Returns the values as they were given, which the engine takes too.
     *
     * @return a copy
     * @throws IllegalArgumentException if there are neither one nor {@code dims}
     */
    public static long[] check(String name, int dims, long... values) {
        if (values.length != 1 && values.length != dims) {
            throw new IllegalArgumentException(name + " has " + values.length + " values " + Arrays.toString(values)
                    + ": give one for all " + dims + " spatial dimensions, or " + dims);
        }
        return values.clone();
    }

    /**
     * Returns a padding's sizes on both sides of each of {@code dims} spatial dimensions, from the last one on.
     *
     * @param padding one for all sides, or {@code 2 dims}
     * @throws IllegalArgumentException if there are neither
     */
    public static long[] sides(int dims, long... padding) {
        if (padding.length != 1 && padding.length != 2 * dims) {
            throw new IllegalArgumentException("padding has " + padding.length + " values " + Arrays.toString(padding)
                    + ": give one for all sides, or " + 2 * dims);
        }
        return expand("padding", 2 * dims, padding);
    }
}
