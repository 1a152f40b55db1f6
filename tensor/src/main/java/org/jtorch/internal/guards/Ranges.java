package org.jtorch.internal.guards;

/** Checks ranges of integers. The engine truncates the step to an integer, and then divides by it. */
public final class Ranges {

    private Ranges() {}

    /**
     * Refuses a step that is zero as an integer, if the result is a tensor of integers.
     *
     * @throws IllegalArgumentException if the step is refused
     */
    public static void check(Number step, boolean integers) {
        if (integers && step.longValue() == 0) {
            throw new IllegalArgumentException("step is " + step + ", which is 0 as an integer");
        }
    }
}
