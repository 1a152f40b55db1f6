package org.jtorch.nn.functional;

import org.jtorch.Tensor;

/** What a loss does with its elements' losses. */
public enum Reduction {
    /** Gives them one by one. */
    NONE("none"),
    /** Gives their mean, weighted where the loss has weights; the default. */
    MEAN("mean"),
    /** Gives their sum. */
    SUM("sum"),
    /** Gives their sum divided by the batch's size; for the Kullback-Leibler divergence only. */
    BATCHMEAN("batchmean");

    private final String torchName;

    Reduction(String torchName) {
        this.torchName = torchName;
    }

    /**
     * Returns the reduction with PyTorch's name.
     *
     * @param name {@code none}, {@code mean}, {@code sum} or {@code batchmean}
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Reduction of(String name) {
        for (Reduction reduction : values()) {
            if (reduction.torchName.equals(name)) {
                return reduction;
            }
        }
        throw new IllegalArgumentException(name + " is not a valid value for reduction: none, mean and sum are");
    }

    /** Returns the engine's number for it. */
    long code() {
        if (this == BATCHMEAN) {
            throw refusal();
        }
        return ordinal();
    }

    /** Reduces the elements' losses. */
    Tensor apply(Tensor losses) {
        return switch (this) {
            case NONE -> losses;
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
            case BATCHMEAN -> throw refusal();
        };
    }

    private static IllegalArgumentException refusal() {
        return new IllegalArgumentException("batchmean is not a valid value for reduction: it is for KLDivLoss only");
    }

    /** PyTorch's name. */
    @Override
    public String toString() {
        return torchName;
    }
}
