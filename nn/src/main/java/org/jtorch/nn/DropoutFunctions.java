package org.jtorch.nn;

import org.jtorch.Tensor;
import org.jtorch.nn.internal.Arguments;

/** Dropout functions of {@link F}. */
abstract class DropoutFunctions extends LinearFunctions {

    DropoutFunctions() {}

    /** {@link #dropout(Tensor, double, boolean, boolean)} in training, not in place. */
    public static Tensor dropout(Tensor input, double p) {
        return dropout(input, p, true, false);
    }

    /** {@link #dropout(Tensor, double, boolean, boolean)}, not in place. */
    public static Tensor dropout(Tensor input, double p, boolean training) {
        return dropout(input, p, training, false);
    }

    /**
     * Each element is zeroed with probability {@code p}, the others are scaled by {@code 1 / (1 - p)}.
     *
     * @param input any shape
     * @param p the probability
     * @param training whether anything is done
     * @param inplace whether {@code input} itself is changed and returned
     * @return shaped as the input
     * @throws IllegalArgumentException where {@code p} is no probability
     * @see <a href="https://arxiv.org/abs/1207.0580">Improving neural networks by preventing co-adaptation of feature
     *     detectors, Hinton et al. 2012</a>
     */
    public static Tensor dropout(Tensor input, double p, boolean training, boolean inplace) {
        double checked = Arguments.dropoutProbability(p);
        return inplace ? input.dropout_(checked, training) : input.dropout(checked, training);
    }
}
