package org.jtorch.nn.internal;

import java.util.Arrays;

/** Sizes given as one number for all spatial dimensions or one for each. */
public final class Sizes {

    private Sizes() {}

    /**
     * Returns one value for each of {@code dims} spatial dimensions.
     *
     * @param name the name of the argument for the message
     * @param values one value for all dimensions, or {@code dims} values
     * @return a new array of {@code dims} values
     * @throws IllegalArgumentException if the number of values is neither one nor {@code dims}
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
     * Returns the values as they were given, a form that the engine accepts too.
     *
     * @return a copy of the values
     * @throws IllegalArgumentException if the number of values is neither one nor {@code dims}
     */
    public static long[] check(String name, int dims, long... values) {
        if (values.length != 1 && values.length != dims) {
            throw new IllegalArgumentException(name + " has " + values.length + " values " + Arrays.toString(values)
                    + ": give one for all " + dims + " spatial dimensions, or " + dims);
        }
        return values.clone();
    }

    /**
     * Returns the padding on both sides of each of {@code dims} spatial dimensions, beginning with the last dimension.
     *
     * @param padding one size for all sides, or {@code 2 * dims} sizes
     * @throws IllegalArgumentException if the number of values is neither of these
     */
    public static long[] sides(int dims, long... padding) {
        if (padding.length != 1 && padding.length != 2 * dims) {
            throw new IllegalArgumentException("padding has " + padding.length + " values " + Arrays.toString(padding)
                    + ": give one for all sides, or " + 2 * dims);
        }
        return expand("padding", 2 * dims, padding);
    }
}
