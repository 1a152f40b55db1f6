package org.jtorch.models.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.Module;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.norm.BatchNorm2d;

/**
 * A convolution, then a normalization, then an activation: (N, C_in, H, W) to (N, C_out, H_out, W_out). By default the kernel is 3x3
 * and keeps the size, there is no bias, and {@link BatchNorm2d} and {@link ReLU} follow.
 *
 * @see <a href="https://docs.pytorch.org/vision/stable/generated/torchvision.ops.Conv2dNormActivation.html">
 *     torchvision.ops.Conv2dNormActivation</a>
 */
public final class Conv2dNormActivation extends Sequential {

    /** The optional arguments. */
    public static final class Options {
        private long kernelSize = 3;
        private long stride = 1;
        private @Nullable Long padding;
        private long dilation = 1;
        private long groups = 1;
        private boolean bias;
        private LongFunction<Module<Tensor, Tensor>> norm = BatchNorm2d::new;
        private @Nullable Supplier<Module<Tensor, Tensor>> activation = () -> new ReLU(true);

        private Options() {}

        /** Sets the height and width of the kernel; the default is 3. */
        public Options kernelSize(long newKernelSize) {
            kernelSize = newKernelSize;
            return this;
        }

        /** Sets the stride; the default is 1. */
        public Options stride(long newStride) {
            stride = newStride;
            return this;
        }

        /** Sets the padding; the default keeps the size with a stride of 1. */
        public Options padding(long newPadding) {
            padding = newPadding;
            return this;
        }

        /** Sets the distance between the kernel's points; the default is 1. */
        public Options dilation(long newDilation) {
            dilation = newDilation;
            return this;
        }

        /** Sets the number of groups of channels; the default is 1. */
        public Options groups(long newGroups) {
            groups = newGroups;
            return this;
        }

        /** Sets whether the convolution has a bias; the default is {@code false}. */
        public Options bias(boolean newBias) {
            bias = newBias;
            return this;
        }

        /** Sets what makes the normalization of a number of channels; the default is {@link BatchNorm2d}. */
        public Options norm(LongFunction<Module<Tensor, Tensor>> newNorm) {
            norm = newNorm;
            return this;
        }

        /** Sets what makes the activation, null for none; the default is {@link ReLU}. */
        public Options activation(@Nullable Supplier<Module<Tensor, Tensor>> newActivation) {
            activation = newActivation;
            return this;
        }
    }

    /**
     * Creates the layers.
     *
     * @param inChannels the number of channels of the input
     * @param outChannels the number of channels of the output
     * @param options sets the optional arguments
     */
    public Conv2dNormActivation(long inChannels, long outChannels, Consumer<? super Options> options) {
        Options o = new Options();
        options.accept(o);
        long padding = o.padding == null ? (o.kernelSize - 1) / 2 * o.dilation : o.padding;
        List<Module<Tensor, Tensor>> layers = new ArrayList<>();
        layers.add(new Conv2d(inChannels, outChannels, o.kernelSize, c -> c.stride(o.stride)
                .padding(padding)
                .dilation(o.dilation)
                .groups(o.groups)
                .bias(o.bias)));
        layers.add(o.norm.apply(outChannels));
        if (o.activation != null) {
            layers.add(o.activation.get());
        }
        extend(layers);
    }
}
