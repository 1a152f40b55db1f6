package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** Linear functions of {@link F}. */
abstract class LinearFunctions extends NormalizationFunctions {

    LinearFunctions() {}

    /** {@code x W^T}: {@link #linear(Tensor, Tensor, Tensor)} without bias. */
    public static Tensor linear(Tensor input, Tensor weight) {
        return input.linear(weight);
    }

    /**
     * {@code x W^T + b}.
     *
     * @param input (…, in)
     * @param weight (out, in), or (in)
     * @param bias (out), or (), or null
     * @return (…, out), or (…)
     */
    public static Tensor linear(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return input.linear(weight, bias);
    }
}
