package org.jtorch.internal.guards;

/** Ranges of integers: the engine divides by the step after it has cut its fraction off. */
public final class Ranges {

    private Ranges() {}

    /**
     * Refuses a step that is zero as an integer, if integers are made.
     *
     * @throws IllegalArgumentException if it is
     */
    public static void check(Number step, boolean integers) {
        if (integers && step.longValue() == 0) {
            throw new IllegalArgumentException("step is " + step + ", which is 0 as an integer");
        }
    }
}
