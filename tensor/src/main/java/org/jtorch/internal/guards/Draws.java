package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** Checks the parameters of distributions whose sampling loops until it accepts a value. */
public final class Draws {

    private Draws() {}

    /**
     * Refuses numbers of trials and probabilities with which the engine would loop forever.
     *
     * @throws IllegalArgumentException if a count is negative or not finite, or a probability is not in [0, 1]
     */
    public static void checkBinomial(Tensor count, Tensor probability) {
        checkWithin("count", count, 0, 1L << 53);
        checkWithin("prob", probability, 0, 1);
    }

    private static void checkWithin(String name, Tensor tensor, long least, long greatest) {
        if (tensor.is_meta() || tensor.numel() == 0 || tensor.is_complex()) {
            return; // nothing is drawn, or the engine refuses this
        }
        if (!Within.all(tensor, least, greatest)) {
            throw new IllegalArgumentException(
                    name + " must be within [" + least + ", " + greatest + "], but has an element that is not");
        }
    }
}
