package org.jtorch.nn.init;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/**
 * Fills tensors with initial values, in place and outside of autograd, and gives them back. Under the same seed the values
 * are PyTorch's bit for bit.
 *
 * @see <a href="https://pytorch.org/docs/stable/nn.init.html">torch.nn.init</a>
 */
public final class Init {

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
     * @throws IllegalArgumentException where the tensor is no matrix
     */
    public static Tensor eye_(Tensor tensor) {
        if (tensor.dim() != 2) {
            throw new IllegalArgumentException(
                    "Only tensors with 2 dimensions are supported, but this has " + tensor.dim());
        }
        try (GradMode mode = Autograd.noGrad();
                Tensor eye = Torch.eye(tensor.size(0), tensor.size(1), TensorOptions.like(tensor))) {
            return tensor.copy_(eye);
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

    /** Standard normal within [-2, 2]. */
    public static Tensor truncNormal_(Tensor tensor) {
        return truncNormal_(tensor, 0.0, 1.0, -2.0, 2.0);
    }

    /** Normal within [a, b]. */
    public static Tensor truncNormal_(Tensor tensor, double mean, double std, double a, double b) {
        return truncNormal_(tensor, mean, std, a, b, null);
    }

    /**
     * Normal within [a, b]: values outside are drawn again. Where the interval is narrow or far from the mean, candidates are
     * uniform on it and accepted with the density.
     *
     * @param tensor what to fill
     * @param mean the mean of the normal that is cut
     * @param std its standard deviation
     * @param a the least value
     * @param b the greatest value
     * @param generator where to draw from; null: the default one
     * @return {@code tensor}
     */
    public static Tensor truncNormal_(
            Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        try (GradMode mode = Autograd.noGrad();
                TensorScope scope = new TensorScope()) {
            double inside = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
            if (inside > 0.3) {
                truncateNormal(tensor, mean, std, a, b, generator);
            } else {
                acceptUniform(tensor, mean, std, a, b, generator);
            }
            return tensor;
        }
    }

    private static double normalCdf(double x) {
        Tensor argument = Torch.full(new long[0], x / Math.sqrt(2.0), TensorOptions.of(DType.FLOAT64));
        return (1.0 + argument.erf().item()) / 2.0;
    }

    /** Draws from the normal until all lie within the bounds. */
    private static void truncateNormal(
            Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        // the bounds as the tensor's dtype has them, so that what equals one lies within
        double low = tensor.newFull(new long[0], a).item();
        double high = tensor.newFull(new long[0], b).item();
        tensor.normal_(mean, std, generator);
        Tensor outside = tensor.lt(low).logicalOr(tensor.gt(high));
        while (isAnyTrue(outside)) {
            Tensor again = Torch.emptyLike(tensor).normal_(mean, std, generator);
            tensor.copy_(again.where(outside, tensor));
            outside = tensor.lt(low).logicalOr(tensor.gt(high));
        }
    }

    /** Draws candidates uniformly, and accepts each with its density relative to the density's peak. */
    private static void acceptUniform(
            Tensor tensor, double mean, double std, double a, double b, @Nullable Generator generator) {
        double peak = Math.max(a, Math.min(mean, b));
        double logPeak = -0.5 * Math.pow((peak - mean) / std, 2);
        Tensor candidates = Torch.emptyLike(tensor);
        Tensor acceptance = Torch.emptyLike(tensor);
        Tensor pending = Torch.onesLike(tensor).to(DType.BOOL);
        do {
            candidates.uniform_(a, b, generator);
            tensor.copy_(candidates.where(pending, tensor));
            Tensor logDensity =
                    candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
            Tensor refused = acceptance.uniform_(0.0, 1.0, generator).log_().gt(logDensity);
            pending = pending.logicalAnd(refused);
        } while (isAnyTrue(pending));
    }

    private static boolean isAnyTrue(Tensor condition) {
        return condition.any().itemLong() != 0;
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
        return gain * Math.sqrt(2.0 / (fanIn(tensor) + fanOut(tensor)));
    }

    /** The optional arguments of the Kaiming initialisations. */
    public static final class KaimingOptions {
        private double a;
        private FanMode mode = FanMode.FAN_IN;
        private Nonlinearity nonlinearity = Nonlinearity.LEAKY_RELU;
        private @Nullable Generator generator;

        private KaimingOptions() {}

        /** The slope of the leaky rectifier behind the layer; default 0, a plain one. */
        public KaimingOptions a(double newA) {
            a = newA;
            return this;
        }

        /** Which variance is preserved; default the activations'. */
        public KaimingOptions mode(FanMode newMode) {
            mode = newMode;
            return this;
        }

        /** What stands behind the layer; default a leaky rectifier. */
        public KaimingOptions nonlinearity(Nonlinearity newNonlinearity) {
            nonlinearity = newNonlinearity;
            return this;
        }

        /** Where to draw from; default: the default generator. */
        public KaimingOptions generator(@Nullable Generator newGenerator) {
            generator = newGenerator;
            return this;
        }

        private static KaimingOptions of(Consumer<KaimingOptions> setter) {
            KaimingOptions o = new KaimingOptions();
            setter.accept(o);
            return o;
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
     * on. A tensor without elements stays as it is.
     *
     * @param tensor at least 2 dimensions: (out, in, …)
     * @param options sets the optional arguments
     * @return {@code tensor}
     * @see <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers, He et al. 2015</a>
     */
    public static Tensor kaimingUniform_(Tensor tensor, Consumer<KaimingOptions> options) {
        KaimingOptions o = KaimingOptions.of(options);
        if (tensor.numel() == 0) {
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
     * without elements stays as it is.
     *
     * @param tensor at least 2 dimensions: (out, in, …)
     * @param options sets the optional arguments
     * @return {@code tensor}
     * @see <a href="https://arxiv.org/abs/1502.01852">Delving deep into rectifiers, He et al. 2015</a>
     */
    public static Tensor kaimingNormal_(Tensor tensor, Consumer<KaimingOptions> options) {
        KaimingOptions o = KaimingOptions.of(options);
        return tensor.numel() == 0 ? tensor : normal_(tensor, 0.0, o.std(tensor), o.generator);
    }

    /** {@link #calculateGain(Nonlinearity, double)} with the parameter's default. */
    public static double calculateGain(Nonlinearity nonlinearity) {
        return calculateGain(nonlinearity, 0.01);
    }

    /**
     * By how much a layer's initial values should be scaled up for what stands behind it.
     *
     * @param nonlinearity what stands behind the layer
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
     * How many inputs one output of a layer with this weight reads: the elements of a slice along the first dimension.
     *
     * @throws IllegalArgumentException where the tensor has fewer than 2 dimensions
     */
    public static long fanIn(Tensor tensor) {
        return fan(tensor, 1);
    }

    /**
     * How many outputs of a layer with this weight read one input: the elements of a slice along the second dimension.
     *
     * @throws IllegalArgumentException where the tensor has fewer than 2 dimensions
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
