package org.jtorch.internal.guards;

import java.util.Arrays;
import java.util.Set;

/**
 * Windows that move over a tensor: of convolutions, poolings, foldings, paddings and resizings. The engine computes with their
 * sizes in 32 bits in places, multiplies them without looking for overflow, and walks over padding one element at a time.
 */
public final class Windows {

    /** More zeros than this on one side are no padding any more. */
    static final long GREATEST_PADDING = 1L << 24;

    /** A longer stride takes one window anyway, and oneDNN divides by what is left of it in 32 bits. */
    static final long GREATEST_STRIDE = 1L << 24;

    /** So much of an output that has no elements is walked over. */
    private static final long GREATEST_EMPTY = 1L << 24;

    /** Parameters that describe windows, as schemas spell them. */
    private static final Set<String> NAMES = Set.of(
            "kernel_size", "stride", "padding", "dilation", "output_padding", "output_size", "groups", "pad", "ksize");

    private Windows() {}

    /** Whether {@link #check} is for the parameter {@code name} of an operator that takes {@code all}. */
    public static boolean isOne(String name, Set<String> all) {
        // with a size beside it, a stride is a distance in memory
        return NAMES.contains(name) && !(name.equals("stride") && all.contains("size"));
    }

    /**
     * Refuses what reaches beyond 32 bits, and padding and strides beyond 2^24.
     *
     * @throws IllegalArgumentException if a value does
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

    /** If one size is 0, memory sets no bound to the others. */
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
     * Refuses a padding that does not have two sides for each dimension: the engine reads past a shorter one.
     *
     * @throws IllegalArgumentException if it has another number
     */
    public static void checkSides(int dims, long... padding) {
        if (padding.length != 2 * dims) {
            throw new IllegalArgumentException("padding has " + padding.length + " values " + Arrays.toString(padding)
                    + ", but must have " + 2 * dims + ": two for each dimension");
        }
    }

    /**
     * Refuses to split channels into no groups: the engine divides by their number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static void checkGroups(long groups) {
        if (groups < 1) {
            throw new IllegalArgumentException(
                    "Number of groups to divide channels in must be positive. Value of groups:" + groups);
        }
    }
}
