package org.jtorch.internal.guards;

import java.util.Arrays;
import java.util.Set;

/**
 * Checks windows that move over a tensor: those of convolutions, poolings, foldings, paddings and resizings. In some places
 * the engine computes with their sizes in 32 bits, multiplies them without a check for overflow, and iterates over padding
 * one element at a time.
 */
public final class Windows {

    /** The greatest padding on one side. */
    static final long GREATEST_PADDING = 1L << 24;

    /** The greatest stride. A longer stride has only one window, and oneDNN divides by its low 32 bits. */
    static final long GREATEST_STRIDE = 1L << 24;

    /** The greatest number of elements in the other dimensions of an empty output, over which the engine iterates. */
    private static final long GREATEST_EMPTY = 1L << 24;

    /** The names of parameters that describe windows, as in schemas. */
    private static final Set<String> NAMES = Set.of(
            "kernel_size", "stride", "padding", "dilation", "output_padding", "output_size", "groups", "pad", "ksize");

    private Windows() {}

    /**
     * Returns whether {@link #check} applies to the parameter {@code name} of an operator with the parameters {@code all}.
     */
    public static boolean isOne(String name, Set<String> all) {
        // together with a size, a stride is a distance in memory
        return NAMES.contains(name) && !(name.equals("stride") && all.contains("size"));
    }

    /**
     * Refuses values that do not fit in 32 bits, and padding and strides greater than 2^24.
     *
     * @throws IllegalArgumentException if a value is refused
     */
    public static void check(String name, long... values) {
        long greatest =
                name.startsWith("pad") ? GREATEST_PADDING : name.equals("stride") ? GREATEST_STRIDE : Integer.MAX_VALUE;
        for (long value : values) {
            if (value > greatest || value < Integer.MIN_VALUE) {
                throw new IllegalArgumentException(name + " is "
                        + (values.length == 1 ? String.valueOf(value) : Arrays.toString(values))
                        + ", but must not exceed " + greatest);
            }
        }
        if (name.equals("output_size") && values.length > 1) {
            checkEmpty(values);
        }
    }

    /** Checks an output of which one size is 0. The memory does not limit the other sizes then. */
    private static void checkEmpty(long[] values) {
        boolean empty = false;
        double steps = 1;
        for (long value : values) {
            empty |= value == 0;
            steps *= Math.max(value, 1);
        }
        if (empty && steps > GREATEST_EMPTY) {
            throw new IllegalArgumentException("output_size is " + Arrays.toString(values)
                    + ": an output without elements must not have more than " + GREATEST_EMPTY
                    + " in its other dimensions");
        }
    }

    /**
     * Refuses a padding that does not have two values for each dimension. The engine would read past the end of a shorter
     * one.
     *
     * @throws IllegalArgumentException if the padding has another number of values
     */
    public static void checkSides(int dims, long... padding) {
        if (padding.length != 2 * dims) {
            throw new IllegalArgumentException("padding has " + padding.length + " values " + Arrays.toString(padding)
                    + ", but must have " + 2 * dims + ": two for each dimension");
        }
    }

    /**
     * Refuses to split channels into zero groups. The engine divides by their number.
     *
     * @throws IllegalArgumentException if the number is not positive
     */
    public static void checkGroups(long groups) {
        if (groups < 1) {
            throw new IllegalArgumentException(
                    "Number of groups to divide channels in must be positive. Value of groups:" + groups);
        }
    }
}
