package org.jtorch.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.MemoryFormat;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.autograd.Autograd;
import org.jtorch.internal.Kernels;
import org.jtorch.nn.activation.ELU;
import org.jtorch.nn.activation.GELU;
import org.jtorch.nn.activation.Hardsigmoid;
import org.jtorch.nn.activation.Hardswish;
import org.jtorch.nn.activation.Hardtanh;
import org.jtorch.nn.activation.LeakyReLU;
import org.jtorch.nn.activation.Mish;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.activation.ReLU6;
import org.jtorch.nn.activation.SiLU;
import org.jtorch.nn.activation.Sigmoid;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Identity;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.pooling.AdaptiveAvgPool2d;
import org.jtorch.nn.pooling.AvgPool2d;
import org.jtorch.nn.pooling.MaxPool2d;

/**
 * Steps of a {@link Sequential} over images that nobody sees on the way: no derivative is recorded, no hook looks, and the
 * layers are known. Then two things make convolutions faster.
 *
 * <ul>
 *   <li>The images lie channels last. oneDNN brings others into a layout of its own for each convolution, and back.
 *   <li>A normalisation with fixed statistics multiplies and adds. The convolution before it does that too, by its weight and
 *       bias, and so the normalisation and its pass over the image are left out. The weight is made for each call: nothing is
 *       remembered that could be out of date.
 * </ul>
 *
 * <p>What leaves the run is row-major, and equal to what the steps give one by one up to rounding.
 */
final class ImageRun {

    /** Layers whose values do not depend on how an image lies; what they give lies as what they took. No subclass: it may not. */
    private static final Set<Class<?>> LAYERS = Set.of(
            Conv2d.class,
            BatchNorm2d.class,
            MaxPool2d.class,
            AvgPool2d.class,
            AdaptiveAvgPool2d.class,
            Identity.class,
            ReLU.class,
            ReLU6.class,
            LeakyReLU.class,
            ELU.class,
            GELU.class,
            SiLU.class,
            Mish.class,
            Sigmoid.class,
            Tanh.class,
            Hardtanh.class,
            Hardsigmoid.class,
            Hardswish.class);

    /** Fewer convolutions and poolings do not make up for bringing the image there and back. */
    private static final long LEAST_GAINERS = 3;

    /** Elements of an image below which its passes cost less than the preparations. */
    private static final long LEAST_IMAGE = 1L << 14;

    /** A weight is also brought channels last, so it pays where this many times the image's elements are at least its. */
    private static final long MANY = 3;

    private final List<Module<Tensor, Tensor>> layers;
    private final int end;

    private ImageRun(List<Module<Tensor, Tensor>> layers, int end) {
        this.layers = layers;
        this.end = end;
    }

    /** The run of {@code x} through the steps from {@code from} on; null where there is none. */
    static @Nullable ImageRun of(List<Named<Module<Tensor, Tensor>>> steps, int from, Tensor x) {
        if (!beginsWithConvolution(steps.get(from).value())
                || Autograd.isGradEnabled()
                || GlobalHooks.isActive()
                || !Kernels.wideOneDnn()
                || !isImage(x)) {
            return null;
        }
        List<Module<Tensor, Tensor>> layers = new ArrayList<>();
        int end = from;
        while (end < steps.size() && add(steps.get(end).value(), layers)) {
            end++;
        }
        long gainers = layers.stream().filter(ImageRun::gains).count();
        return gainers < LEAST_GAINERS ? null : new ImageRun(layers, end);
    }

    private static boolean beginsWithConvolution(Module<Tensor, Tensor> step) {
        Module<Tensor, Tensor> first = step;
        while (first instanceof Sequential steps && isPlain(steps) && steps.size() > 0) {
            first = steps.get(0);
        }
        return first.getClass() == Conv2d.class;
    }

    private static boolean isPlain(Sequential steps) {
        return steps.getClass() == Sequential.class;
    }

    private static boolean isImage(Tensor x) {
        return !x.isClosed()
                && x.dim() == 4
                && x.dtype() == DType.FLOAT32
                && x.isCpu()
                && x.layout() == Layout.STRIDED
                && x.isContiguous()
                && x.numel() > 0;
    }

    /** Adds a step's layers; where one of them ends a run, none of them. */
    private static boolean add(Module<Tensor, Tensor> step, List<Module<Tensor, Tensor>> layers) {
        if (step.hasHooks() || step.registry().isDeriving()) {
            return false;
        }
        if (!(step instanceof Sequential steps) || !isPlain(steps)) {
            // a normalisation that counts its batches must not see one twice, should a layer behind it fail
            boolean counts = step instanceof BatchNorm2d && step.isTraining();
            return LAYERS.contains(step.getClass()) && !counts && layers.add(step);
        }
        int before = layers.size();
        for (Module<Tensor, Tensor> each : steps) {
            if (!add(each, layers)) {
                layers.subList(before, layers.size()).clear();
                return false;
            }
        }
        return true;
    }

    /** Whether a layer is faster channels last. */
    private static boolean gains(Module<Tensor, Tensor> layer) {
        return layer instanceof Conv2d || layer instanceof MaxPool2d || layer instanceof AvgPool2d;
    }

    /** The position of the step behind the run. */
    int end() {
        return end;
    }

    /** What the run gives; null where it fails: the steps fail too, one by one, and then it is known where. */
    @Nullable
    Tensor apply(Tensor image) {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = image;
            int i = 0;
            while (i < layers.size()) {
                Module<Tensor, Tensor> layer = layers.get(i++);
                Tensor y;
                if (layer instanceof Conv2d conv && pays(conv, x)) {
                    FixedNorm norm = normAt(i, conv);
                    Tensor lying = channelsLast(x);
                    if (norm == null) {
                        y = conv.call(lying);
                    } else {
                        y = norm.of(conv, lying);
                        i++;
                    }
                    if (i < layers.size() && layers.get(i) instanceof ReLU) {
                        y.relu_();
                        i++;
                    }
                } else {
                    y = layer.call(layer instanceof Conv2d ? x.contiguous() : x);
                }
                if (y != x && x != image) {
                    x.close();
                }
                x = y;
            }
            return scope.keep(x.contiguous());
        } catch (TorchException e) {
            return null;
        }
    }

    private static boolean pays(Conv2d conv, Tensor x) {
        return x.dim() == 4 && x.numel() >= LEAST_IMAGE && MANY * x.numel() >= conv.weight.numel();
    }

    /** The normalisation at a position, where it has fixed statistics of as many channels as the convolution gives. */
    private @Nullable FixedNorm normAt(int position, Conv2d conv) {
        if (position >= layers.size() || !(layers.get(position) instanceof BatchNorm2d norm)) {
            return null;
        }
        Tensor mean = norm.runningMean;
        Tensor variance = norm.runningVar;
        return mean != null
                        && variance != null
                        && norm.numFeatures == conv.outChannels
                        && variance.dtype() == DType.FLOAT32
                ? new FixedNorm(mean, variance, norm.eps, norm.weight, norm.bias)
                : null;
    }

    /** {@code (x - mean) / sqrt(variance + eps) * weight + bias}, (C) each. */
    private record FixedNorm(
            Tensor mean,
            Tensor variance,
            double eps,
            @Nullable Tensor weight,
            @Nullable Tensor bias) {

        /** The normalised convolution of an image. */
        Tensor of(Conv2d conv, Tensor image) {
            try (TensorScope scope = new TensorScope()) {
                Tensor scale = variance.add(eps).rsqrt_();
                if (weight != null) {
                    scale.mul_(weight);
                }
                Tensor shifted = conv.bias == null ? mean : mean.sub(conv.bias);
                Tensor shift = bias == null ? shifted.mul(scale).neg_() : Torch.addcmul(bias, shifted, scale, -1);
                return scope.keep(conv.convForward(image, conv.weight.mul(scale.view(-1, 1, 1, 1)), shift));
            }
        }
    }

    private static Tensor channelsLast(Tensor x) {
        if (x.size(1) > 1) {
            return x.contiguous(MemoryFormat.CHANNELS_LAST);
        }
        // one channel lies both ways; the strides say which is meant
        long height = x.size(2);
        long width = x.size(3);
        return x.asStrided(x.shape(), new long[] {height * width, 1, width, 1});
    }
}
