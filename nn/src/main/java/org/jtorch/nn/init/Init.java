package org.jtorch.nn.init;

import java.lang.System.Logger;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.internal.options.Customized;

/**
 * Fills tensors with initial values in place, with autograd off, and returns them. With the same seed, the values in float32
 * and float64 are equal to PyTorch's bit for bit, except for the last digits of {@linkplain #orthogonal_ orthogonal} matrices.
 * In float16 and bfloat16, they are equal to those of PyTorch 2.10; later versions draw from a finer grid.
 *
 * @see <a href="https://pytorch.org/docs/stable/nn.init.html">torch.nn.init</a>
 */
public final class Init {

    static final Logger LOG = System.getLogger(Init.class.getName());

    private Init() {}

    // --- plain values ------------------------------------------------------------------------------------------

    /** Sets every element to {@code value}. */
    public static Tensor constant_(Tensor tensor, double value) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.fill_(value);
        }
    }

    /** Sets every element to one. */
    public static Tensor ones_(Tensor tensor) {
        return constant_(tensor, 1.0);
    }

    /** Sets every element to zero. */
    public static Tensor zeros_(Tensor tensor) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.zero_();
        }
    }

    /**
     * Sets the diagonal to ones and the other elements to zeros, so that a linear layer passes on as many inputs as possible.
     *
     * @throws IllegalArgumentException if the tensor is not a matrix
     */
    public static Tensor eye_(Tensor tensor) {
        checkMatrix(tensor);
        try (GradMode mode = Autograd.noGrad();
                Tensor eye = Torch.eye(tensor.size(0), tensor.size(1), TensorOptions.like(tensor))) {
            return tensor.copy_(eye);
        }
    }

    private static void checkMatrix(Tensor tensor) {
        if (tensor.dim() != 2) {
            throw new IllegalArgumentException(
                    "Only tensors with 2 dimensions are supported, but this has " + tensor.dim());
        }
    }

    /** Does the same as {@link #dirac_(Tensor, long)} with one group. */
    public static Tensor dirac_(Tensor tensor) {
        return dirac_(tensor, 1);
    }

    /**
     * Sets the middle of the kernel from each input channel to the output channel with the same index to one, and the other
     * elements to zero. The convolution then passes on as many channels as possible in each group.
     *
     * @param tensor a tensor with 3, 4 or 5 dimensions: (out, in / groups, *kernel_size)
     * @param groups the number of groups of the convolution
     * @return {@code tensor}
     * @throws IllegalArgumentException if the tensor has another number of dimensions, or if {@code groups} is not positive or
     *     does not divide the number of output channels
     */
    public static Tensor dirac_(Tensor tensor, long groups) {
        if (tensor.dim() < 3 || tensor.dim() > 5) {
            throw new IllegalArgumentException(
                    "Only tensors with 3, 4, or 5 dimensions are supported, but this has " + tensor.dim());
        }
        if (groups <= 0) {
            throw new IllegalArgumentException(
                    (groups == 0 ? "division by zero: " : "") + "groups must be positive, but is " + groups);
        }
        long outChannels = tensor.size(0);
        if (outChannels % groups != 0) {
            throw new IllegalArgumentException(
                    "dim 0 must be divisible by groups, but are " + outChannels + " and " + groups);
        }
        long perGroup = outChannels / groups;
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            tensor.zero_();
            if (Math.min(perGroup, tensor.size(1)) == 0) {
                return tensor;
            }
            Tensor middle = tensor; // Narrowed to (out, in / groups).
            while (middle.dim() > 2) {
                middle = middle.select(2, middle.size(2) / 2);
            }
            for (long group = 0; group < groups; group++) {
                middle.narrow(0, group * perGroup, perGroup).diagonal().fill_(1);
            }
            return tensor;
        }
    }

    // --- random values -----------------------------------------------------------------------------------------

    /** Draws from the uniform distribution on [0, 1). */
    public static Tensor uniform_(Tensor tensor) {
        return uniform_(tensor, 0.0, 1.0);
    }

    /** Draws from the uniform distribution on [a, b). */
    public static Tensor uniform_(Tensor tensor, double a, double b) {
        return uniform_(tensor, a, b, null);
    }

    /** Draws from the uniform distribution on [a, b) with {@code generator}, or with the default generator if it is null. */
    public static Tensor uniform_(Tensor tensor, double a, double b, @Nullable Generator generator) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.uniform_(a, b, generator);
        }
    }

    /** Draws from the standard normal distribution. */
    public static Tensor normal_(Tensor tensor) {
        return normal_(tensor, 0.0, 1.0);
    }

    /** Draws from the normal distribution with the given mean and standard deviation. */
    public static Tensor normal_(Tensor tensor, double mean, double std) {
        return normal_(tensor, mean, std, null);
    }

    /** Draws from a normal distribution with {@code generator}, or with the default generator if it is null. */
    public static Tensor normal_(Tensor tensor, double mean, double std, @Nullable Generator generator) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.normal_(mean, std, generator);
        }
    }

    /** Draws from the standard normal distribution, truncated to [-2, 2]. */
    public static Tensor truncNormal_(Tensor tensor) {
        return truncNormal_(tensor, 0.0, 1.0, -2.0, 2.0);
    }

    /** Draws from a normal distribution truncated to [a, b]. */
    public static Tensor truncNormal_(Tensor tensor, double mean, double std, double a, double b) {
        return truncNormal_(tensor, mean, std, a, b, null);
    }

    /**
     * Draws from a normal distribution truncated to [a, b]. Values outside are drawn again. If the interval is narrow or far
     * from the mean, candidates are drawn uniformly and accepted in proportion to their density. A warning is logged if the
     * mean is more than two standard deviations outside of [a, b].
     *
     * <p>PyTorch 2.14 draws in this way. PyTorch 2.10 and earlier versions use the inverse of the distribution function, and
     * draw other values with the same seed.
     *
     * @param tensor the tensor to fill
     * @param mean the mean of the normal distribution before truncation
     * @param std the standard deviation of the normal distribution before truncation
     * @param a the least value
     * @param b the greatest value
     * @param generator the generator to draw from; null for the default generator
     * @return {@code tensor}
     * @throws IllegalArgumentException if {@code std} is 0
     */
    public static Tensor truncNormal_(
            Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        return TruncatedNormal.fill(tensor, mean, std, a, b, generator);
    }

    /** Does the same as {@link #orthogonal_(Tensor, double)} with gain 1. */
    public static Tensor orthogonal_(Tensor tensor) {
        return orthogonal_(tensor, 1.0);
    }

    /** Does the same as {@link #orthogonal_(Tensor, double, Generator)} with the default generator. */
    public static Tensor orthogonal_(Tensor tensor, double gain) {
        return orthogonal_(tensor, gain, null);
    }

    /**
     * Sets the tensor to a random matrix whose rows, or columns if there are fewer of them, are orthogonal to each other and
     * have length {@code gain}. The dimensions after the first are treated as one. A tensor without elements is left unchanged.
     *
     * @param tensor a tensor with at least 2 dimensions
     * @param gain the factor by which the matrix is multiplied
     * @param generator the generator to draw from; null for the default generator
     * @return {@code tensor}
     * @throws IllegalArgumentException if the tensor has fewer than 2 dimensions
     * @see <a href="https://arxiv.org/abs/1312.6120">Exact solutions to the nonlinear dynamics of learning in deep linear
     *     neural networks, Saxe et al. 2013</a>
     */
    public static Tensor orthogonal_(Tensor tensor, double gain, @Nullable Generator generator) {
        if (tensor.dim() < 2) {
            throw new IllegalArgumentException(
                    "Only tensors with 2 or more dimensions are supported, but this has " + tensor.dim());
        }
        if (tensor.numel() == 0 || isMeta(tensor)) {
            return tensor;
        }
        long rows = tensor.size(0);
        long columns = tensor.numel() / rows;
        boolean wide = rows < columns;
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            Tensor normal = tensor.newEmpty(rows, columns).normal_(0, 1, generator);
            List<Tensor> qr = (wide ? normal.t() : normal).linalgQr();
            // With a positive diagonal of r, q is distributed uniformly over the orthogonal matrices (Mezzadri 2007).
            Tensor q = qr.get(0).mul(qr.get(1).diag().sign());
            Tensor filled = wide ? q.t() : q;
            tensor.viewAs(filled).copy_(filled);
            return tensor.mul_(gain);
        }
    }

    /** Does the same as {@link #sparse_(Tensor, double, double)} with standard deviation 0.01. */
    public static Tensor sparse_(Tensor tensor, double sparsity) {
        return sparse_(tensor, sparsity, 0.01);
    }

    /** Does the same as {@link #sparse_(Tensor, double, double, Generator)} with the default generator. */
    public static Tensor sparse_(Tensor tensor, double sparsity, double std) {
        return sparse_(tensor, sparsity, std, null);
    }

    /**
     * Draws from a normal distribution with mean 0, and sets {@code ceil(sparsity * rows)} random elements of each column to
     * zero.
     *
     * @param tensor a matrix
     * @param sparsity the fraction of each column that is zero
     * @param std the standard deviation of the other elements
     * @param generator the generator from which the values are drawn; null for the default generator. As in PyTorch, the
     *     positions of the zeros are always drawn from the default generator
     * @return {@code tensor}
     * @throws IllegalArgumentException if the tensor is not a matrix, or {@code sparsity} is NaN
     * @see <a href="https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf">Deep learning via Hessian-free
     *     optimization, Martens 2010</a>
     */
    public static Tensor sparse_(Tensor tensor, double sparsity, double std, @Nullable Generator generator) {
        checkMatrix(tensor);
        if (isMeta(tensor)) {
            return tensor;
        }
        if (Double.isNaN(sparsity)) {
            throw new IllegalArgumentException(
                    "cannot convert float NaN to integer: sparsity is a fraction from 0 to 1");
        }
        long rows = tensor.size(0);
        long zeros = (long) Math.ceil(sparsity * rows);
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            tensor.normal_(0, std, generator);
            for (long column = 0; column < tensor.size(1); column++) {
                Tensor places = Torch.randperm(rows).to(tensor.device()).slice(0, null, zeros);
                tensor.select(1, column).indexFill_(0, places, 0);
            }
            return tensor;
        }
    }

    /** Returns whether the tensor has no values that could be set. */
    static boolean isMeta(Tensor tensor) {
        return tensor.device().type().equals("meta");
    }

    // --- by the layer's size -----------------------------------------------------------------------------------

    /** Does the same as {@link #xavierUniform_(Tensor, double, Generator)} with gain 1. */
    public static Tensor xavierUniform_(Tensor tensor) {
        return xavierUniform_(tensor, 1.0);
    }

    /** Does the same as {@link #xavierUniform_(Tensor, double, Generator)} with the default generator. */
    public static Tensor xavierUniform_(Tensor tensor, double gain) {
        return xavierUniform_(tensor, gain, null);
    }

    /**
     * Draws from the uniform distribution on [-b, b) with {@code b = gain * sqrt(6 / (fan_in + fan_out))}: Glorot
     * initialization.
     *
     * @param tensor a tensor with at least 2 dimensions: (out, in, …)
     * @param gain the factor for the nonlinearity after the layer; see {@link #calculateGain(Nonlinearity)}
     * @param generator the generator to draw from; null for the default generator
     * @return {@code tensor}
     * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Understanding the difficulty of training deep feedforward
     *     neural networks, Glorot and Bengio 2010</a>
     */
    public static Tensor xavierUniform_(Tensor tensor, double gain, @Nullable Generator generator) {
        double bound = Math.sqrt(3.0) * xavierStd(tensor, gain);
        return uniform_(tensor, -bound, bound, generator);
    }

    /** Does the same as {@link #xavierNormal_(Tensor, double, Generator)} with gain 1. */
    public static Tensor xavierNormal_(Tensor tensor) {
        return xavierNormal_(tensor, 1.0);
    }

    /** Does the same as {@link #xavierNormal_(Tensor, double, Generator)} with the default generator. */
    public static Tensor xavierNormal_(Tensor tensor, double gain) {
        return xavierNormal_(tensor, gain, null);
    }

    /**
     * Draws from the normal distribution with {@code std = gain * sqrt(2 / (fan_in + fan_out))}: Glorot initialization.
     *
     * @param tensor a tensor with at least 2 dimensions: (out, in, …)
     * @param gain the factor for the nonlinearity after the layer; see {@link #calculateGain(Nonlinearity)}
     * @param generator the generator to draw from; null for the default generator
     * @return {@code tensor}
     * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Understanding the difficulty of training deep feedforward
     *     neural networks, Glorot and Bengio 2010</a>
     */
    public static Tensor xavierNormal_(Tensor tensor, double gain, @Nullable Generator generator) {
        return normal_(tensor, 0.0, xavierStd(tensor, gain), generator);
    }

    private static double xavierStd(Tensor tensor, double gain) {
        long fans = fanIn(tensor) + fanOut(tensor);
        if (fans == 0) {
            throw new IllegalArgumentException("division by zero: a layer of shape " + Arrays.toString(tensor.shape())
                    + " has neither inputs nor outputs");
        }
        return gain * Math.sqrt(2.0 / fans);
    }

    /** The optional arguments of Kaiming initialization. */
    public static final class KaimingOptions {
        private double a;
        private FanMode mode = FanMode.FAN_IN;
        private Nonlinearity nonlinearity = Nonlinearity.LEAKY_RELU;
        private @Nullable Generator generator;

        private KaimingOptions() {}

        /** Sets the slope of the leaky rectifier after the layer; the default is 0, which is a plain rectifier. */
        public KaimingOptions a(double newA) {
            a = newA;
            return this;
        }

        /** Sets which variance is preserved; the default is that of the activations. */
        public KaimingOptions mode(FanMode newMode) {
            mode = newMode;
            return this;
        }

        /** Sets the nonlinearity after the layer; the default is a leaky rectifier. */
        public KaimingOptions nonlinearity(Nonlinearity newNonlinearity) {
            nonlinearity = newNonlinearity;
            return this;
        }

        /** Sets the generator to draw from; the default is the default generator. */
        public KaimingOptions generator(@Nullable Generator newGenerator) {
            generator = newGenerator;
            return this;
        }

        private double std(Tensor tensor) {
            long fan = mode == FanMode.FAN_IN ? fanIn(tensor) : fanOut(tensor);
            return calculateGain(nonlinearity, a) / Math.sqrt(fan);
        }
    }

    /** Does the same as {@link #kaimingUniform_(Tensor, Consumer)} for a rectifier. */
    public static Tensor kaimingUniform_(Tensor tensor) {
        return kaimingUniform_(tensor, o -> {});
    }

    /** Does the same as {@link #kaimingUniform_(Tensor, Consumer)} for a leaky rectifier with slope {@code a}. */
    public static Tensor kaimingUniform_(Tensor tensor, double a) {
        return kaimingUniform_(tensor, o -> o.a(a));
    }

    /**
     * Draws from the uniform distribution on [-b, b) with {@code b = gain * sqrt(3 / fan)}: He initialization, which preserves
     * the variance of the layer's input. A tensor without elements is left unchanged, with a warning.
     *
     * @param tensor a tensor with at least 2 dimensions: (out, in, …)
     * @param options sets the optional arguments
     * @return {@code tensor}
     * @see <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers, He et al. 2015</a>
     */
    public static Tensor kaimingUniform_(Tensor tensor, Consumer<KaimingOptions> options) {
        KaimingOptions o = Customized.of(new KaimingOptions(), options);
        if (isWithoutElements(tensor)) {
            return tensor;
        }
        double bound = Math.sqrt(3.0) * o.std(tensor);
        return uniform_(tensor, -bound, bound, o.generator);
    }

    /** Does the same as {@link #kaimingNormal_(Tensor, Consumer)} for a rectifier. */
    public static Tensor kaimingNormal_(Tensor tensor) {
        return kaimingNormal_(tensor, o -> {});
    }

    /** Does the same as {@link #kaimingNormal_(Tensor, Consumer)} for a leaky rectifier with slope {@code a}. */
    public static Tensor kaimingNormal_(Tensor tensor, double a) {
        return kaimingNormal_(tensor, o -> o.a(a));
    }

    /**
     * Draws from the normal distribution with {@code std = gain / sqrt(fan)}: He initialization, which preserves the variance
     * of the layer's input. A tensor without elements is left unchanged, with a warning.
     *
     * @param tensor a tensor with at least 2 dimensions: (out, in, …)
     * @param options sets the optional arguments
     * @return {@code tensor}
     * @see <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers, He et al. 2015</a>
     */
    public static Tensor kaimingNormal_(Tensor tensor, Consumer<KaimingOptions> options) {
        KaimingOptions o = Customized.of(new KaimingOptions(), options);
        return isWithoutElements(tensor) ? tensor : normal_(tensor, 0.0, o.std(tensor), o.generator);
    }

    private static boolean isWithoutElements(Tensor tensor) {
        if (tensor.numel() == 0) {
            LOG.log(Logger.Level.WARNING, "Initializing zero-element tensors is a no-op");
            return true;
        }
        return false;
    }

    /** Returns {@link #calculateGain(Nonlinearity, double)} with the default parameter. */
    public static double calculateGain(Nonlinearity nonlinearity) {
        return calculateGain(nonlinearity, 0.01);
    }

    /**
     * Returns the factor by which the initial values of a layer should be scaled for the nonlinearity after it.
     *
     * @param nonlinearity the nonlinearity after the layer
     * @param param the slope of a leaky rectifier, 0.01 by default; ignored for the others
     */
    public static double calculateGain(Nonlinearity nonlinearity, double param) {
        return switch (nonlinearity) {
            case LINEAR, CONV1D, CONV2D, CONV3D, CONV_TRANSPOSE1D, CONV_TRANSPOSE2D, CONV_TRANSPOSE3D, SIGMOID -> 1.0;
            case TANH -> 5.0 / 3;
            case RELU -> Math.sqrt(2.0);
            case LEAKY_RELU -> Math.sqrt(2.0 / (1 + param * param));
            case SELU -> 3.0 / 4;
        };
    }

    /**
     * Returns the number of inputs that one output of a layer with this weight depends on: the number of elements of a slice
     * along the first dimension.
     *
     * @throws IllegalArgumentException if the tensor has fewer than 2 dimensions
     */
    public static long fanIn(Tensor tensor) {
        return fan(tensor, 1);
    }

    /**
     * Returns the number of outputs of a layer with this weight that depend on one input: the number of elements of a slice
     * along the second dimension.
     *
     * @throws IllegalArgumentException if the tensor has fewer than 2 dimensions
     */
    public static long fanOut(Tensor tensor) {
        return fan(tensor, 0);
    }

    private static long fan(Tensor tensor, int channels) {
        if (tensor.dim() < 2) {
            throw new IllegalArgumentException(
                    "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        }
        long fan = tensor.size(channels);
        for (int i = 2; i < tensor.dim(); i++) {
            fan *= tensor.size(i);
        }
        return fan;
    }
}
