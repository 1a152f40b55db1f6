package org.jtorch.nn.init;

import org.jtorch.Tensor;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * Fills tensors with initial values, in place and outside of autograd. Under the same seed the values are PyTorch's bit for
 * bit.
 *
 * @see <a href="https://pytorch.org/docs/stable/nn.init.html">torch.nn.init</a>
 */
public final class Init {

    private Init() {}

    /** Uniform on [a, b). */
    public static Tensor uniform_(Tensor tensor, double a, double b) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.uniform_(a, b);
        }
    }

    /** Normal with the mean and standard deviation. */
    public static Tensor normal_(Tensor tensor, double mean, double std) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.normal_(mean, std);
        }
    }

    /** Every element {@code value}. */
    public static Tensor constant_(Tensor tensor, double value) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.fill_(value);
        }
    }

    /** Ones. */
    public static Tensor ones_(Tensor tensor) {
        return constant_(tensor, 1.0);
    }

    /** Zeros. */
    public static Tensor zeros_(Tensor tensor) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.zero_();
        }
    }

    /**
     * He initialisation, uniform on [-b, b) with {@code b = gain * sqrt(3 / fan_in)} and the gain of leaky ReLU with slope
     * {@code a}: the variance of the layer's input passes on.
     *
     * @param tensor at least 2 dimensions: (out, in, …)
     * @param a the slope of the leaky ReLU behind the layer; 0 for ReLU
     * @return {@code tensor}
     * @see <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers, He et al. 2015</a>
     */
    public static Tensor kaimingUniform_(Tensor tensor, double a) {
        double gain = Math.sqrt(2.0 / (1 + a * a));
        double std = gain / Math.sqrt(fanIn(tensor));
        double bound = Math.sqrt(3.0) * std;
        return uniform_(tensor, -bound, bound);
    }

    /**
     * How many inputs one output of a layer with this weight reads: the elements of a slice along the first dimension.
     *
     * @throws IllegalArgumentException where the tensor has fewer than 2 dimensions
     */
    public static long fanIn(Tensor tensor) {
        if (tensor.dim() < 2) {
            throw new IllegalArgumentException(
                    "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        }
        long fan = 1;
        for (int i = 1; i < tensor.dim(); i++) {
            fan *= tensor.size(i);
        }
        return fan;
    }
}
