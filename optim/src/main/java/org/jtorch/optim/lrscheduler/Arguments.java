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
}
