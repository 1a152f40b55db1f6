package org.jtorch.nn.functional;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.nn.internal.PythonText;

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

    /**
     * {@link #softmax(Tensor, long)} along dimension 0 of inputs with 0, 1 or 3 dimensions, else along 1: PyTorch's old choice;
     * better say which.
     */
    public static Tensor softmax(Tensor input) {
        return softmax(input, implicitDim(input));
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

    /**
     * {@link #logSoftmax(Tensor, long)} along dimension 0 of inputs with 0, 1 or 3 dimensions, else along 1: PyTorch's old choice;
     * better say which.
     */
    public static Tensor logSoftmax(Tensor input) {
        return logSoftmax(input, implicitDim(input));
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

    /** {@code min(max(0, x), 6)}. */
    public static Tensor relu6(Tensor input) {
        return input.relu6();
    }

    /**
     * {@code min(max(0, x), 6)}.
     *
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor relu6(Tensor input, boolean inplace) {
        return inplace ? input.relu6_() : input.relu6();
    }

    /** {@code scale * (max(0, x) + min(0, alpha * (exp(x) - 1)))} with the constants of self-normalising networks. */
    public static Tensor selu(Tensor input) {
        return input.selu();
    }

    /**
     * {@code scale * (max(0, x) + min(0, alpha * (exp(x) - 1)))} with the constants of self-normalising networks.
     *
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor selu(Tensor input, boolean inplace) {
        return inplace ? input.selu_() : input.selu();
    }

    /** {@code x * sigmoid(x)}. */
    public static Tensor silu(Tensor input) {
        return input.silu();
    }

    /**
     * {@code x * sigmoid(x)}.
     *
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor silu(Tensor input, boolean inplace) {
        return inplace ? input.silu_() : input.silu();
    }

    /** {@code x * tanh(softplus(x))}. */
    public static Tensor mish(Tensor input) {
        return input.mish();
    }

    /**
     * {@code x * tanh(softplus(x))}.
     *
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor mish(Tensor input, boolean inplace) {
        return inplace ? input.mish_() : input.mish();
    }

    /** {@code x * relu6(x + 3) / 6}. */
    public static Tensor hardswish(Tensor input) {
        return input.hardswish();
    }

    /**
     * {@code x * relu6(x + 3) / 6}.
     *
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor hardswish(Tensor input, boolean inplace) {
        return inplace ? input.hardswish_() : input.hardswish();
    }

    /** {@code relu6(x + 3) / 6}. */
    public static Tensor hardsigmoid(Tensor input) {
        return input.hardsigmoid();
    }

    /**
     * {@code relu6(x + 3) / 6}.
     *
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor hardsigmoid(Tensor input, boolean inplace) {
        return inplace ? input.hardsigmoid_() : input.hardsigmoid();
    }

    /** {@code x} above zero, {@code alpha * (exp(x) - 1)} below. */
    public static Tensor elu(Tensor input) {
        return input.elu(1.0);
    }

    /** {@link #elu(Tensor, double, boolean)}, not in place. */
    public static Tensor elu(Tensor input, double alpha) {
        return input.elu(alpha);
    }

    /**
     * {@code x} above zero, {@code alpha * (exp(x) - 1)} below.
     *
     * @param alpha what it tends to for small inputs, negated; default 1
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor elu(Tensor input, double alpha, boolean inplace) {
        return inplace ? input.elu_(alpha) : input.elu(alpha);
    }

    /** {@code max(0, x) + min(0, alpha * (exp(x / alpha) - 1))}. */
    public static Tensor celu(Tensor input) {
        return input.celu(1.0);
    }

    /** {@link #celu(Tensor, double, boolean)}, not in place. */
    public static Tensor celu(Tensor input, double alpha) {
        return input.celu(alpha);
    }

    /**
     * {@code max(0, x) + min(0, alpha * (exp(x / alpha) - 1))}.
     *
     * @param alpha what it tends to for small inputs, negated; default 1
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor celu(Tensor input, double alpha, boolean inplace) {
        return inplace ? input.celu_(alpha) : input.celu(alpha);
    }

    /** {@code max(0, x) + negativeSlope * min(0, x)}. */
    public static Tensor leakyRelu(Tensor input) {
        return input.leakyRelu(0.01);
    }

    /** {@link #leakyRelu(Tensor, double, boolean)}, not in place. */
    public static Tensor leakyRelu(Tensor input, double negativeSlope) {
        return input.leakyRelu(negativeSlope);
    }

    /**
     * {@code max(0, x) + negativeSlope * min(0, x)}.
     *
     * @param negativeSlope the slope below zero; default 0.01
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor leakyRelu(Tensor input, double negativeSlope, boolean inplace) {
        return inplace ? input.leakyRelu_(negativeSlope) : input.leakyRelu(negativeSlope);
    }

    /** {@code min(max(x, minVal), maxVal)}. */
    public static Tensor hardtanh(Tensor input) {
        return input.hardtanh(-1.0, 1.0);
    }

    /** {@link #hardtanh(Tensor, Number, Number, boolean)}, not in place. */
    public static Tensor hardtanh(Tensor input, Number minVal, Number maxVal) {
        return hardtanh(input, minVal, maxVal, false);
    }

    /**
     * {@code min(max(x, minVal), maxVal)}.
     *
     * @param minVal the least result; default -1
     * @param maxVal the greatest result; default 1
     * @param inplace whether {@code input} itself is changed and returned
     * @throws IllegalArgumentException if {@code minVal} is greater than {@code maxVal}
     */
    public static Tensor hardtanh(Tensor input, Number minVal, Number maxVal, boolean inplace) {
        if (minVal.doubleValue() > maxVal.doubleValue()) {
            throw new IllegalArgumentException("min_val cannot be greater than max_val, but they are "
                    + PythonText.number(minVal) + " and " + PythonText.number(maxVal));
        }
        return inplace ? input.hardtanh_(minVal, maxVal) : input.hardtanh(minVal, maxVal);
    }

    /**
     * {@code x} where it is greater than {@code threshold}, {@code value} elsewhere.
     *
     * @param threshold what an element must exceed to stay
     * @param value what stands in place of the others
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor threshold(Tensor input, Number threshold, Number value, boolean inplace) {
        return inplace ? input.threshold_(threshold, value) : input.threshold(threshold, value);
    }

    /** {@link #threshold(Tensor, Number, Number, boolean)}, not in place. */
    public static Tensor threshold(Tensor input, Number threshold, Number value) {
        return input.threshold(threshold, value);
    }

    /**
     * {@code x} above zero, {@code a * x} below, with random slopes {@code a}.
     *
     * @param lower the least slope; default 1/8
     * @param upper the greatest slope; default 1/3
     * @param training whether each slope is drawn uniformly from {@code [lower, upper)}; else it is their mean
     * @param inplace whether {@code input} itself is changed and returned
     */
    public static Tensor rrelu(Tensor input, double lower, double upper, boolean training, boolean inplace) {
        return inplace ? input.rrelu_(lower, upper, training) : input.rrelu(lower, upper, training);
    }

    /** {@link #rrelu(Tensor, double, double, boolean, boolean)} with slopes of 1/8 to 1/3, not in training. */
    public static Tensor rrelu(Tensor input) {
        return input.rrelu(1.0 / 8, 1.0 / 3, false);
    }

    /** {@code max(0, x)} in place. */
    public static Tensor relu_(Tensor input) {
        return input.relu_();
    }

    /** {@link #selu(Tensor)} in place. */
    public static Tensor selu_(Tensor input) {
        return input.selu_();
    }

    /** {@link #elu_(Tensor, double)} with alpha 1. */
    public static Tensor elu_(Tensor input) {
        return input.elu_(1.0);
    }

    /** {@link #elu(Tensor, double, boolean)} in place. */
    public static Tensor elu_(Tensor input, double alpha) {
        return input.elu_(alpha);
    }

    /** {@link #celu_(Tensor, double)} with alpha 1. */
    public static Tensor celu_(Tensor input) {
        return input.celu_(1.0);
    }

    /** {@link #celu(Tensor, double, boolean)} in place. */
    public static Tensor celu_(Tensor input, double alpha) {
        return input.celu_(alpha);
    }

    /** {@link #leakyRelu_(Tensor, double)} with a slope of 0.01 below zero. */
    public static Tensor leakyRelu_(Tensor input) {
        return input.leakyRelu_(0.01);
    }

    /** {@link #leakyRelu(Tensor, double, boolean)} in place. */
    public static Tensor leakyRelu_(Tensor input, double negativeSlope) {
        return input.leakyRelu_(negativeSlope);
    }

    /** {@link #hardtanh_(Tensor, Number, Number)} between -1 and 1. */
    public static Tensor hardtanh_(Tensor input) {
        return input.hardtanh_(-1.0, 1.0);
    }

    /** {@link #hardtanh(Tensor, Number, Number, boolean)} in place. */
    public static Tensor hardtanh_(Tensor input, Number minVal, Number maxVal) {
        return input.hardtanh_(minVal, maxVal);
    }

    /** {@link #threshold(Tensor, Number, Number, boolean)} in place. */
    public static Tensor threshold_(Tensor input, Number threshold, Number value) {
        return input.threshold_(threshold, value);
    }

    /** {@link #rrelu_(Tensor, double, double, boolean)} with slopes of 1/8 to 1/3, not in training. */
    public static Tensor rrelu_(Tensor input) {
        return input.rrelu_(1.0 / 8, 1.0 / 3, false);
    }

    /** {@link #rrelu(Tensor, double, double, boolean, boolean)} in place. */
    public static Tensor rrelu_(Tensor input, double lower, double upper, boolean training) {
        return input.rrelu_(lower, upper, training);
    }

    /**
     * {@code max(0, x) + weight * min(0, x)}.
     *
     * @param input (N, C, …)
     * @param weight (1), or (C)
     */
    public static Tensor prelu(Tensor input, Tensor weight) {
        return input.prelu(weight);
    }

    /** {@link #glu(Tensor, long)} along the last dimension. */
    public static Tensor glu(Tensor input) {
        return glu(input, -1);
    }

    /**
     * {@code a * sigmoid(b)}, a and b being the halves of the input along {@code dim}.
     *
     * @return half as long along {@code dim}
     * @throws TorchException if the input is a scalar, or its size along {@code dim} is odd
     */
    public static Tensor glu(Tensor input, long dim) {
        if (input.dim() == 0) {
            throw new TorchException("glu does not support scalars because halving size must be even");
        }
        return input.glu(dim);
    }

    /** {@code log(1 / (1 + exp(-x)))}. */
    public static Tensor logsigmoid(Tensor input) {
        return input.logSigmoid();
    }

    /** {@code x} where {@code |x| > lambd}, zero elsewhere. */
    public static Tensor hardshrink(Tensor input, double lambd) {
        return input.hardshrink(lambd);
    }

    /** {@link #hardshrink(Tensor, double)} with lambd 0.5. */
    public static Tensor hardshrink(Tensor input) {
        return input.hardshrink(0.5);
    }

    /** {@code x} moved towards zero by {@code lambd}, zero where {@code |x| <= lambd}. */
    public static Tensor softshrink(Tensor input, double lambd) {
        return input.softshrink(lambd);
    }

    /** {@link #softshrink(Tensor, double)} with lambd 0.5. */
    public static Tensor softshrink(Tensor input) {
        return input.softshrink(0.5);
    }

    /** {@code x - tanh(x)}. */
    public static Tensor tanhshrink(Tensor input) {
        return input.sub(input.tanh());
    }

    /** {@code x / (1 + |x|)}. */
    public static Tensor softsign(Tensor input) {
        return input.div(input.abs().add(1));
    }

    /** {@code log(1 + exp(x))}, linear above 20. */
    public static Tensor softplus(Tensor input) {
        return input.softplus();
    }

    /** {@code log(1 + exp(beta * x)) / beta}, linear where {@code beta * x > threshold}. */
    public static Tensor softplus(Tensor input, double beta, double threshold) {
        return input.softplus(beta, threshold);
    }

    /**
     * {@link #softmin(Tensor, long)} along dimension 0 of inputs with 0, 1 or 3 dimensions, else along 1: PyTorch's old choice;
     * better say which.
     */
    public static Tensor softmin(Tensor input) {
        return softmin(input, implicitDim(input));
    }

    /** {@code exp(-x_i) / sum_j exp(-x_j)} along {@code dim}. */
    public static Tensor softmin(Tensor input, long dim) {
        return input.neg().softmax(dim);
    }

    /**
     * {@code exp(-x_i) / sum_j exp(-x_j)} along {@code dim}.
     *
     * @param dtype what to convert the input to before, or null
     */
    public static Tensor softmin(Tensor input, long dim, @Nullable DType dtype) {
        return input.neg().softmax(dim, dtype);
    }

    /** {@link #gumbelSoftmax(Tensor, double, boolean, long)} with tau 1, soft, along the last dimension. */
    public static Tensor gumbelSoftmax(Tensor logits) {
        return gumbelSoftmax(logits, 1.0, false, -1);
    }

    /**
     * A random sample of the classes that {@code logits} weigh, as differentiable as a softmax: {@code softmax((logits + g) /
     * tau)} with Gumbel's noise g.
     *
     * @param logits log probabilities, not normalised, any shape
     * @param tau the temperature: the lower, the nearer to one-hot
     * @param hard whether the result is one-hot, and only its gradient the soft sample's
     * @param dim the dimension of the classes
     * @return shaped as the input
     * @see <a href="https://arxiv.org/abs/1611.01144">Categorical reparameterization with Gumbel-softmax, Jang et al. 2016</a>
     */
    public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard, long dim) {
        // contiguous whatever the logits are: numbers are drawn in the order of memory
        Tensor noise = Torch.empty(
                        logits.shape(),
                        TensorOptions.DEFAULT.dtype(logits.dtype()).device(logits.device()))
                .exponential_()
                .log()
                .neg();
        Tensor soft = logits.add(noise).div(tau).softmax(dim);
        if (!hard) {
            return soft;
        }
        Tensor choice = soft.argmax(dim, true);
        Tensor oneHot = Torch.zerosLike(logits).scatter_(dim, choice, 1.0);
        return oneHot.sub(soft.detach()).add(soft);
    }

    private static long implicitDim(Tensor input) {
        long dims = input.dim();
        return dims == 0 || dims == 1 || dims == 3 ? 0 : 1;
    }
}
