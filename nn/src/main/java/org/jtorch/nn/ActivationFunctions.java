package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;

/** Activation functions of {@link F}. Input and result have the same shape. */
abstract class ActivationFunctions extends PoolingFunctions {

    ActivationFunctions() {}

    /** {@code max(0, x)}. */
    public static Tensor relu(Tensor input) {
        return input.relu();
    }

    /**
     * {@code max(0, x)}.
     *
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor relu(Tensor input, boolean inplace) {
        return inplace ? input.relu_() : input.relu();
    }

    /** {@code x * Phi(x)}, Phi being the standard normal's distribution function. */
    public static Tensor gelu(Tensor input) {
        return input.gelu();
    }

    /**
     * {@code x * Phi(x)}, Phi being the standard normal's distribution function.
     *
     * @param approximate {@code none}: exact; {@code tanh}: {@code 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}
     * @see <a href="https://arxiv.org/abs/1606.08415">Gaussian error linear units, Hendrycks and Gimpel 2016</a>
     */
    public static Tensor gelu(Tensor input, String approximate) {
        return input.gelu(approximate);
    }

    /** {@code 1 / (1 + exp(-x))}. */
    public static Tensor sigmoid(Tensor input) {
        return input.sigmoid();
    }

    /** Hyperbolic tangent. */
    public static Tensor tanh(Tensor input) {
        return input.tanh();
    }

    /** {@code exp(x_i) / sum_j exp(x_j)} along {@code dim}. */
    public static Tensor softmax(Tensor input, long dim) {
        return input.softmax(dim);
    }

    /**
     * {@code exp(x_i) / sum_j exp(x_j)} along {@code dim}.
     *
     * @param dtype what to convert the input to before, or null
     */
    public static Tensor softmax(Tensor input, long dim, @Nullable DType dtype) {
        return input.softmax(dim, dtype);
    }

    /** {@code log(softmax(x))} along {@code dim}, stable. */
    public static Tensor logSoftmax(Tensor input, long dim) {
        return input.logSoftmax(dim);
    }

    /**
     * {@code log(softmax(x))} along {@code dim}, stable.
     *
     * @param dtype what to convert the input to before, or null
     */
    public static Tensor logSoftmax(Tensor input, long dim, @Nullable DType dtype) {
        return input.logSoftmax(dim, dtype);
    }
}
