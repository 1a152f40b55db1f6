package org.jtorch.nn.conv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.F;
import org.jtorch.nn.Layer;
import org.jtorch.nn.PaddingMode;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/**
 * What convolutions of any number of spatial dimensions share: their arguments, parameters and padding.
 *
 * <p>Parameters: {@code weight} (out_channels, in_channels / groups, *kernel_size), {@code bias} (out_channels); both uniform
 * on {@code [-b, b)} with {@code b = 1 / sqrt(in_channels / groups * product of kernel_size)}.
 */
public abstract class ConvNd extends Layer {

    private static final long[] NO_PADDING = {0};

    /** The input's channels. */
    public final long inChannels;

    /** The output's channels. */
    public final long outChannels;

    private final long[] kernelSize;
    private final long[] stride;
    private final long[] padding;
    private final @Nullable String paddingName;
    private final long[] dilation;
    private final long groups;
    private final PaddingMode paddingMode;

    /** (out_channels, in_channels / groups, *kernel_size). */
    public Parameter weight;

    /** (out_channels), or null. */
    public @Nullable Parameter bias;

    ConvNd(int dims, long inChannels, long outChannels, long[] kernelSize, ConvOptions<?> o) {
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernelSize = Sizes.expand("kernel_size", dims, kernelSize);
        stride = Sizes.expand("stride", dims, o.stride);
        padding = Sizes.expand("padding", dims, o.padding);
        paddingName = o.paddingName;
        dilation = Sizes.expand("dilation", dims, o.dilation);
        groups = o.groups;
        paddingMode = o.paddingMode;
        checkGroups();
        checkPadding();
        TensorOptions made = o.tensorOptions();
        weight = new Parameter(Torch.empty(weightShape(), made));
        bias = o.bias ? new Parameter(Torch.empty(new long[] {outChannels}, made)) : null;
        resetParameters();
    }

    private void checkGroups() {
        if (groups <= 0) {
            throw new IllegalArgumentException("groups must be a positive integer, but is " + groups);
        }
        if (inChannels % groups != 0) {
            throw new IllegalArgumentException(
                    "in_channels must be divisible by groups, but are " + inChannels + " and " + groups);
        }
        if (outChannels % groups != 0) {
            throw new IllegalArgumentException(
                    "out_channels must be divisible by groups, but are " + outChannels + " and " + groups);
        }
    }

    private void checkPadding() {
        if (paddingName == null) {
            return;
        }
        if (!paddingName.equals("same") && !paddingName.equals("valid")) {
            throw new IllegalArgumentException(
                    "Invalid padding string '" + paddingName + "', should be one of {'valid', 'same'}");
        }
        if (paddingName.equals("same") && Arrays.stream(stride).anyMatch(s -> s != 1)) {
            throw new IllegalArgumentException(
                    "padding='same' is not supported for strided convolutions, but stride is "
                            + PythonText.tuple(stride));
        }
    }

    private long[] weightShape() {
        long[] shape = new long[2 + kernelSize.length];
        shape[0] = outChannels;
        shape[1] = inChannels / groups;
        System.arraycopy(kernelSize, 0, shape, 2, kernelSize.length);
        return shape;
    }

    /** Draws the parameters anew. */
    public final void resetParameters() {
        Init.kaimingUniform_(weight, Math.sqrt(5));
        if (bias != null) {
            long fanIn = Init.fanIn(weight);
            double bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
            Init.uniform_(bias, -bound, bound);
        }
    }

    /** The convolution with padding by numbers. */
    abstract Tensor convolve(Tensor x, long[] stride, long[] padding, long[] dilation, long groups);

    /** The convolution with padding by name. */
    abstract Tensor convolve(Tensor x, long[] stride, String padding, long[] dilation, long groups);

    @Override
    protected Tensor forward(Tensor x) {
        if (paddingMode != PaddingMode.ZEROS) {
            return convolve(F.pad(x, sides(), paddingMode), stride, NO_PADDING, dilation, groups);
        }
        return paddingName == null
                ? convolve(x, stride, padding, dilation, groups)
                : convolve(x, stride, paddingName, dilation, groups);
    }

    /** The padding before and behind each spatial dimension, from the last one on. */
    private long[] sides() {
        int dims = kernelSize.length;
        long[] sides = new long[2 * dims];
        for (int i = 0; i < dims; i++) {
            int at = 2 * (dims - 1 - i);
            if (paddingName == null) {
                sides[at] = padding[i];
                sides[at + 1] = padding[i];
            } else if (paddingName.equals("same")) {
                long both = dilation[i] * (kernelSize[i] - 1);
                sides[at] = both / 2;
                sides[at + 1] = both - both / 2;
            }
        }
        return sides;
    }

    @Override
    protected String extraRepr() {
        StringBuilder out = new StringBuilder().append(inChannels).append(", ").append(outChannels);
        out.append(", kernel_size=").append(PythonText.tuple(kernelSize));
        out.append(", stride=").append(PythonText.tuple(stride));
        if (paddingName != null) {
            out.append(", padding=").append(paddingName);
        } else if (Arrays.stream(padding).anyMatch(p -> p != 0)) {
            out.append(", padding=").append(PythonText.tuple(padding));
        }
        if (Arrays.stream(dilation).anyMatch(d -> d != 1)) {
            out.append(", dilation=").append(PythonText.tuple(dilation));
        }
        if (groups != 1) {
            out.append(", groups=").append(groups);
        }
        if (bias == null) {
            out.append(", bias=False");
        }
        if (paddingMode != PaddingMode.ZEROS) {
            out.append(", padding_mode=").append(paddingMode);
        }
        return out.toString();
    }
}
