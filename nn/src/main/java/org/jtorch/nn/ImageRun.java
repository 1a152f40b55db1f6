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
 * layers are known. Then the images lie channels last: oneDNN brings others into a layout of its own for each convolution, and
 * back, and the engine's poolings have wide vectors for these alone.
 *
 * <p>What leaves the run is row-major, and equal to what the steps give one by one up to the rounding of the convolutions.
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
            for (Module<Tensor, Tensor> layer : layers) {
                Tensor y = step(layer, x, x != image);
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

    /** What a layer gives, in place where it can and {@code x} is ours. */
    private static Tensor step(Module<Tensor, Tensor> layer, Tensor x, boolean ours) {
        if (layer instanceof Conv2d conv) {
            return layer.call(pays(conv, x) ? channelsLast(x) : x.contiguous());
        }
        return ours && layer instanceof ReLU ? x.relu_() : layer.call(x);
    }

    private static boolean pays(Conv2d conv, Tensor x) {
        return x.dim() == 4 && x.numel() >= LEAST_IMAGE && MANY * x.numel() >= conv.weight.numel();
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
