package org.jtorch.nn.functional;

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

    /** {@link #bilinear(Tensor, Tensor, Tensor, Tensor)} without bias. */
    public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight) {
        return input1.bilinear(input2, weight, null);
    }

    /**
     * {@code y_k = x1^T W_k x2 + b_k}.
     *
     * @param input1 (…, in1)
     * @param input2 (…, in2), the other dimensions as in {@code input1}
     * @param weight (out, in1, in2)
     * @param bias (out), or null
     * @return (…, out)
     */
    public static Tensor bilinear(Tensor input1, Tensor input2, Tensor weight, @Nullable Tensor bias) {
        return input1.bilinear(input2, weight, bias);
    }
}
