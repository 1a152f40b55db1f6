package org.jtorch.nn.functional;

import org.jtorch.Tensor;

/** What a loss does with the losses of the elements. */
public enum Reduction {
    /** Returns the losses of the elements. */
    NONE("none"),
    /** Returns their mean, which is weighted if the loss has weights. This is the default. */
    MEAN("mean"),
    /** Returns their sum. */
    SUM("sum"),
    /** Returns their sum divided by the batch size. It is for the Kullback-Leibler divergence only. */
    BATCHMEAN("batchmean");

    private final String torchName;

    Reduction(String torchName) {
        this.torchName = torchName;
    }

    /**
     * Returns the reduction with the given PyTorch name.
     *
     * @param name {@code none}, {@code mean}, {@code sum} or {@code batchmean}
     * @throws IllegalArgumentException if there is no such mode
     */
    public static Reduction of(String name) {
        for (Reduction reduction : values()) {
            if (reduction.torchName.equals(name)) {
                return reduction;
            }
        }
        throw new IllegalArgumentException(name + " is not a valid value for reduction: none, mean and sum are");
    }

    /** Returns the engine's number for the reduction. */
    long code() {
        if (this == BATCHMEAN) {
            throw refusal();
        }
        return ordinal();
    }

    /** Reduces the losses of the elements. */
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

    /** Returns PyTorch's name. */
    @Override
    public String toString() {
        return torchName;
    }
}
