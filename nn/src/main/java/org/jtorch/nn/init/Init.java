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
 * Fills tensors with initial values, in place and outside of autograd, and gives them back. Under the same seed the values
 * are PyTorch's bit for bit in float32 and float64 ({@link #orthogonal_ orthogonal} matrices to the last digits); in float16
 * and bfloat16 they are those of PyTorch 2.10, which later versions draw on a finer grid.
 *
 * @see <a href="https://pytorch.org/docs/stable/nn.init.html">torch.nn.init</a>
 */
public final class Init {

    static final Logger LOG = System.getLogger(Init.class.getName());

    private Init() {}

    // --- plain values ------------------------------------------------------------------------------------------

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
     * Ones on the diagonal, zeros elsewhere: as many inputs of a linear layer as can be pass through.
     *
     * @throws IllegalArgumentException if the tensor is no matrix
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

    /** {@link #dirac_(Tensor, long)} with one group. */
    public static Tensor dirac_(Tensor tensor) {
        return dirac_(tensor, 1);
    }

    /**
     * A one in the middle of the kernel from each input channel to the output channel of the same number, zeros elsewhere: as
     * many channels of a convolution as can be pass through, in each group.
     *
     * @param tensor 3, 4 or 5 dimensions: (out, in / groups, *kernel_size)
     * @param groups the convolution's groups
     * @return {@code tensor}
     * @throws IllegalArgumentException if the tensor has another number of dimensions, or {@code groups} is not positive or
     *     does not divide the output channels
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
            Tensor middle = tensor; // (out, in / groups) in the end
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

    /** Uniform on [0, 1). */
    public static Tensor uniform_(Tensor tensor) {
        return uniform_(tensor, 0.0, 1.0);
    }

    /** Uniform on [a, b). */
    public static Tensor uniform_(Tensor tensor, double a, double b) {
        return uniform_(tensor, a, b, null);
    }

    /** Uniform on [a, b), drawn from {@code generator}, or from the default one where it is null. */
    public static Tensor uniform_(Tensor tensor, double a, double b, @Nullable Generator generator) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.uniform_(a, b, generator);
        }
    }

    /** Standard normal. */
    public static Tensor normal_(Tensor tensor) {
        return normal_(tensor, 0.0, 1.0);
    }

    /** Normal with the mean and standard deviation. */
    public static Tensor normal_(Tensor tensor, double mean, double std) {
        return normal_(tensor, mean, std, null);
    }

    /** Normal, drawn from {@code generator}, or from the default one where it is null. */
    public static Tensor normal_(Tensor tensor, double mean, double std, @Nullable Generator generator) {
        try (GradMode mode = Autograd.noGrad()) {
            return tensor.normal_(mean, std, generator);
        }
    }

    /** Standard normal, within [-2, 2]. */
    public static Tensor truncNormal_(Tensor tensor) {
        return truncNormal_(tensor, 0.0, 1.0, -2.0, 2.0);
    }

    /** Normal within [a, b]. */
    public static Tensor truncNormal_(Tensor tensor, double mean, double std, double a, double b) {
        return truncNormal_(tensor, mean, std, a, b, null);
    }

    /**
     * Normal within [a, b]: values outside are drawn again. Where the interval is narrow or far from the mean, candidates are
     * uniform on it and accepted with the density. A mean more than two {@code std} outside of [a, b] is warned of.
     *
     * <p>This is how PyTorch 2.14 draws; PyTorch 2.10 and those before it took the inverse of the normal's distribution, and
     * give other values under the same seed.
     *
     * @param tensor what to fill
     * @param mean the mean of the normal that is cut
     * @param std its standard deviation
     * @param a the least value
     * @param b the greatest value
     * @param generator where to draw from; null: the default one
     * @return {@code tensor}
     * @throws IllegalArgumentException if {@code std} is 0
     */
    public static Tensor truncNormal_(
            Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        return TruncatedNormal.fill(tensor, mean, std, a, b, generator);
    }

    /** {@link #orthogonal_(Tensor, double)} with gain 1. */
    public static Tensor orthogonal_(Tensor tensor) {
        return orthogonal_(tensor, 1.0);
    }

    /** {@link #orthogonal_(Tensor, double, Generator)} from the default generator. */
    public static Tensor orthogonal_(Tensor tensor, double gain) {
        return orthogonal_(tensor, gain, null);
    }

    /**
     * A random matrix whose rows, or columns where there are fewer of them, are orthogonal to each other and of length
     * {@code gain}. Dimensions after the first are taken as one. A tensor without elements stays as it is.
     *
     * @param tensor at least 2 dimensions
     * @param gain what the matrix is multiplied with
     * @param generator where to draw from; null: the default one
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
            // with r's diagonal made positive, q is uniform over the orthogonal matrices (Mezzadri 2007)
            Tensor q = qr.get(0).mul(qr.get(1).diag().sign());
            Tensor filled = wide ? q.t() : q;
            tensor.viewAs(filled).copy_(filled);
            return tensor.mul_(gain);
        }
    }

    /** {@link #sparse_(Tensor, double, double)} with standard deviation 0.01. */
    public static Tensor sparse_(Tensor tensor, double sparsity) {
        return sparse_(tensor, sparsity, 0.01);
    }

    /** {@link #sparse_(Tensor, double, double, Generator)} from the default generator. */
    public static Tensor sparse_(Tensor tensor, double sparsity, double std) {
        return sparse_(tensor, sparsity, std, null);
    }

    /**
     * Normal with mean 0, and in each column {@code ceil(sparsity * rows)} elements, chosen at random, zero.
     *
     * @param tensor a matrix
     * @param sparsity the share of each column that is zero
     * @param std the standard deviation of the others
     * @param generator where the values are drawn from; null: the default one, which the places of the zeros are drawn from in
     *     any case, as in PyTorch
     * @return {@code tensor}
     * @throws IllegalArgumentException if the tensor is no matrix, or {@code sparsity} is NaN
     * @see <a href="https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf">Deep learning via Hessian-free
     *     optimization, Martens 2010</a>
     */
    public static Tensor sparse_(Tensor tensor, double sparsity, double std, @Nullable Generator generator) {
        checkMatrix(tensor);
        if (isMeta(tensor)) {
            return tensor;
        }
        if (Double.isNaN(sparsity)) {
            throw new IllegalArgumentException("cannot convert float NaN to integer: sparsity is a share, 0 to 1");
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

    /** A tensor without values has none to set by hand. */
    static boolean isMeta(Tensor tensor) {
        return tensor.device().type().equals("meta");
    }

    // --- by the layer's size -----------------------------------------------------------------------------------

    /** {@link #xavierUniform_(Tensor, double, Generator)} with gain 1. */
    public static Tensor xavierUniform_(Tensor tensor) {
        return xavierUniform_(tensor, 1.0);
    }

    /** {@link #xavierUniform_(Tensor, double, Generator)} from the default generator. */
    public static Tensor xavierUniform_(Tensor tensor, double gain) {
        return xavierUniform_(tensor, gain, null);
    }

    /**
     * Glorot initialisation, uniform on [-b, b) with {@code b = gain * sqrt(6 / (fan_in + fan_out))}.
     *
     * @param tensor at least 2 dimensions: (out, in, …)
     * @param gain see {@link #calculateGain(Nonlinearity)}
     * @param generator where to draw from; null: the default one
     * @return {@code tensor}
     * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Understanding the difficulty of training deep
     *     feedforward neural networks, Glorot and Bengio 2010</a>
     */
    public static Tensor xavierUniform_(Tensor tensor, double gain, @Nullable Generator generator) {
        double bound = Math.sqrt(3.0) * xavierStd(tensor, gain);
        return uniform_(tensor, -bound, bound, generator);
    }

    /** {@link #xavierNormal_(Tensor, double, Generator)} with gain 1. */
    public static Tensor xavierNormal_(Tensor tensor) {
        return xavierNormal_(tensor, 1.0);
    }

    /** {@link #xavierNormal_(Tensor, double, Generator)} from the default generator. */
    public static Tensor xavierNormal_(Tensor tensor, double gain) {
        return xavierNormal_(tensor, gain, null);
    }

    /**
     * Glorot initialisation, normal with {@code std = gain * sqrt(2 / (fan_in + fan_out))}.
     *
     * @param tensor at least 2 dimensions: (out, in, …)
     * @param gain see {@link #calculateGain(Nonlinearity)}
     * @param generator where to draw from; null: the default one
     * @return {@code tensor}
     * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Understanding the difficulty of training deep
     *     feedforward neural networks, Glorot and Bengio 2010</a>
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

    /** The optional arguments of the Kaiming initialisations. */
    public static final class KaimingOptions {
        private double a;
        private FanMode mode = FanMode.FAN_IN;
        private Nonlinearity nonlinearity = Nonlinearity.LEAKY_RELU;
        private @Nullable Generator generator;

        private KaimingOptions() {}

        /** Sets the slope of the leaky rectifier after the layer; the default is 0, a plain one. */
        public KaimingOptions a(double newA) {
            a = newA;
            return this;
        }

        /** Sets which variance is preserved; the default is the activations'. */
        public KaimingOptions mode(FanMode newMode) {
            mode = newMode;
            return this;
        }

        /** Sets what stands after the layer; the default is a leaky rectifier. */
        public KaimingOptions nonlinearity(Nonlinearity newNonlinearity) {
            nonlinearity = newNonlinearity;
            return this;
        }

        /** Sets where to draw from; the default is the default generator. */
        public KaimingOptions generator(@Nullable Generator newGenerator) {
            generator = newGenerator;
            return this;
        }

        private double std(Tensor tensor) {
            long fan = mode == FanMode.FAN_IN ? fanIn(tensor) : fanOut(tensor);
            return calculateGain(nonlinearity, a) / Math.sqrt(fan);
        }
    }

    /** {@link #kaimingUniform_(Tensor, Consumer)} for a rectifier. */
    public static Tensor kaimingUniform_(Tensor tensor) {
        return kaimingUniform_(tensor, o -> {});
    }

    /** {@link #kaimingUniform_(Tensor, Consumer)} for a leaky rectifier with slope {@code a}. */
    public static Tensor kaimingUniform_(Tensor tensor, double a) {
        return kaimingUniform_(tensor, o -> o.a(a));
    }

    /**
     * He initialisation, uniform on [-b, b) with {@code b = gain * sqrt(3 / fan)}: the variance of the layer's input passes
     * on. A tensor without elements stays as it is, with a warning.
     *
     * @param tensor at least 2 dimensions: (out, in, …)
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

    /** {@link #kaimingNormal_(Tensor, Consumer)} for a rectifier. */
    public static Tensor kaimingNormal_(Tensor tensor) {
        return kaimingNormal_(tensor, o -> {});
    }

    /** {@link #kaimingNormal_(Tensor, Consumer)} for a leaky rectifier with slope {@code a}. */
    public static Tensor kaimingNormal_(Tensor tensor, double a) {
        return kaimingNormal_(tensor, o -> o.a(a));
    }

    /**
     * He initialisation, normal with {@code std = gain / sqrt(fan)}: the variance of the layer's input passes on. A tensor
     * without elements stays as it is, with a warning.
     *
     * @param tensor at least 2 dimensions: (out, in, …)
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

    /** {@link #calculateGain(Nonlinearity, double)} with the parameter's default. */
    public static double calculateGain(Nonlinearity nonlinearity) {
        return calculateGain(nonlinearity, 0.01);
    }

    /**
     * By how much a layer's initial values should be scaled up for what stands after it.
     *
     * @param nonlinearity what stands after the layer
     * @param param the slope of a leaky rectifier, 0.01 by default; the others have none
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
     * Returns how many inputs one output of a layer with this weight reads: the elements of a slice along the first dimension.
     *
     * @throws IllegalArgumentException if the tensor has fewer than 2 dimensions
     */
    public static long fanIn(Tensor tensor) {
        return fan(tensor, 1);
    }

    /**
     * Returns how many outputs of a layer with this weight read one input: the elements of a slice along the second dimension.
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
