package org.jtorch.nn;

/** What a loss does with its elements' losses. */
public enum Reduction {
    /** Gives them one by one. */
    NONE("none"),
    /** Gives their mean, weighted where the loss has weights; the default. */
    MEAN("mean"),
    /** Gives their sum. */
    SUM("sum");

    private final String torchName;

    Reduction(String torchName) {
        this.torchName = torchName;
    }

    /**
     * The reduction with PyTorch's name.
     *
     * @param name {@code none}, {@code mean} or {@code sum}
     * @throws IllegalArgumentException where there is none of that name
     */
    public static Reduction of(String name) {
        for (Reduction reduction : values()) {
            if (reduction.torchName.equals(name)) {
                return reduction;
            }
        }
        throw new IllegalArgumentException(name + " is not a valid value for reduction: none, mean and sum are");
    }

    /** The engine's number for it. */
    long code() {
        return ordinal();
    }

    /** PyTorch's name. */
    @Override
    public String toString() {
        return torchName;
    }
}
