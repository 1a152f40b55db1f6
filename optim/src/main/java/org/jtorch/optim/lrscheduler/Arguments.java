package org.jtorch.optim.lrscheduler;

/** Checks arguments, with PyTorch's messages. */
final class Arguments {

    private Arguments() {}

    static long positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("Expected positive integer " + name + ", but got " + value);
        }
        return value;
    }

    static void sameLength(double[] values, double[] others) {
        if (values.length != others.length) {
            throw new IllegalStateException("there are values of " + values.length + " and of " + others.length
                    + " groups: create a new schedule if a group was added");
        }
    }
}
