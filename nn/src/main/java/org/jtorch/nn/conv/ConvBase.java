package org.jtorch.nn.conv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.Layer;
import org.jtorch.nn.LazyModuleMixin;
import org.jtorch.nn.Parameter;
import org.jtorch.nn.Resettable;
import org.jtorch.nn.UninitializedParameter;
import org.jtorch.nn.UninitializedTensor;
import org.jtorch.nn.functional.PaddingMode;
import org.jtorch.nn.init.Init;
import org.jtorch.nn.internal.Sizes;

/**
 * What convolutions and transposed convolutions of any number of spatial dimensions share: their arguments and parameters.
 *
 * <p>Parameters: {@code weight} and {@code bias} (out_channels), uniform on {@code [-b, b)} with
 * {@code b = 1 / sqrt(fan_in)}, fan_in being the product of the weight's sizes but the first.
 */
public abstract class ConvBase extends Layer implements Resettable {

    long inChannels;

    long outChannels;

    final long[] kernelSize;
    long[] stride;
    long[] padding;

    @Nullable
    String paddingName;

    long[] dilation;
    long groups;
    PaddingMode paddingMode;
    long[] outputPadding;
    private final boolean transposed;

    /** (out_channels, in_channels / groups, *kernel_size); transposed: (in_channels, out_channels / groups, *kernel_size). */
    public Parameter weight;

    /** (out_channels), or null. */
    public @Nullable Parameter bias;

    /** Transposed where there is an output padding. */
    ConvBase(
            int dims,
            long inChannels,
            long outChannels,
            long[] kernelSize,
            ConvOptions<?> o,
            long @Nullable [] outputPadding) {
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.kernelSize = Sizes.expand("kernel_size", dims, kernelSize);
        stride = Sizes.expand("stride", dims, o.stride);
        padding = Sizes.expand("padding", dims, o.padding);
        paddingName = o.paddingName;
        dilation = Sizes.expand("dilation", dims, o.dilation);
        groups = o.groups;
        paddingMode = o.paddingMode;
        this.outputPadding =
                Sizes.expand("output_padding", dims, outputPadding == null ? new long[] {0} : outputPadding);
        checkGroups();
        checkPadding(paddingName, stride);
        TensorOptions made = o.tensorOptions();
        transposed = outputPadding != null;
        if (this instanceof LazyModuleMixin) {
            weight = new UninitializedParameter(made);
            bias = o.bias ? new UninitializedParameter(made) : null;
        } else {
            weight = new Parameter(Torch.empty(weightShape(), made));
            bias = o.bias ? new Parameter(Torch.empty(new long[] {outChannels}, made)) : null;
        }
        resetParameters();
    }

    private void checkGroups() {
        checkGroups(inChannels, outChannels, groups);
    }

    private static void checkGroups(long inChannels, long outChannels, long groups) {
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

    static void checkPadding(@Nullable String paddingName, long... stride) {
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
        shape[0] = transposed ? inChannels : outChannels;
        shape[1] = (transposed ? outChannels : inChannels) / groups;
        System.arraycopy(kernelSize, 0, shape, 2, kernelSize.length);
        return shape;
    }

    /** A lazy convolution's channels and shapes, by its first input; a weight that was loaded keeps its shape. */
    final void initialize(Tensor x) {
        int dims = kernelSize.length;
        if (x.dim() != dims + 1 && x.dim() != dims + 2) {
            throw new TorchException("Expected " + (dims + 1) + "D (unbatched) or " + (dims + 2)
                    + "D (batched) input to " + className() + ", but got input of size: " + PythonText.size(x.shape()));
        }
        inChannels = x.size(x.dim() - dims - 1);
        checkGroups();
        if (weight instanceof UninitializedTensor lazy && weight.isUninitialized()) {
            lazy.materialize(weightShape());
            if (bias instanceof UninitializedTensor lazyBias) {
                lazyBias.materialize(outChannels);
            }
            resetParameters();
        }
    }

    /** Draws the parameters anew; nothing while their shapes are not known. */
    @Override
    public final void resetParameters() {
        if (weight.isUninitialized()) {
            return;
        }
        Init.kaimingUniform_(weight, Math.sqrt(5));
        if (bias != null) {
            long fanIn = Init.fanIn(weight);
            double bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
            Init.uniform_(bias, -bound, bound);
        }
    }

    /** Returns the input's channels; 0 for a lazy convolution before its first call. */
    public final long inChannels() {
        return inChannels;
    }

    /**
     * Sets {@link #inChannels()}: for a weight that is replaced by one of another shape. The weight stays as it is.
     *
     * @throws IllegalArgumentException if {@link #groups()} does not divide it
     */
    public final void inChannels(long newInChannels) {
        checkGroups(newInChannels, outChannels, groups);
        inChannels = newInChannels;
    }

    /** Returns the output's channels. */
    public final long outChannels() {
        return outChannels;
    }

    /**
     * Sets {@link #outChannels()}: for a weight that is replaced by one of another shape. The weight stays as it is.
     *
     * @throws IllegalArgumentException if {@link #groups()} does not divide it
     */
    public final void outChannels(long newOutChannels) {
        checkGroups(inChannels, newOutChannels, groups);
        outChannels = newOutChannels;
    }

    /** Returns the kernel's size in each spatial dimension; a copy. */
    public final long[] kernelSize() {
        return kernelSize.clone();
    }

    /** Returns the kernel's step in each spatial dimension; a copy. */
    public final long[] stride() {
        return stride.clone();
    }

    /**
     * Sets {@link #stride()}, one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions, or it is not 1 with the padding {@code same}
     */
    public final void stride(long... newStride) {
        long[] expanded = Sizes.expand("stride", kernelSize.length, newStride);
        checkPadding(paddingName, expanded);
        stride = expanded;
    }

    /**
     * Returns what is added on both sides of each spatial dimension; a copy. Zeros for the padding {@code valid}.
     *
     * @throws IllegalStateException if the padding is {@code same}, see {@link #paddingName}: the sizes may differ from side to
     *     side
     */
    public final long[] padding() {
        if ("same".equals(paddingName)) {
            throw new IllegalStateException("the padding is 'same', and no size: ask paddingName() first");
        }
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}, one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void padding(long... newPadding) {
        padding = Sizes.expand("padding", kernelSize.length, newPadding);
        paddingName = null;
    }

    /** {@code same} or {@code valid} if the padding was given by name, else null. */
    public final @Nullable String paddingName() {
        return paddingName;
    }

    /** Returns the distance between the kernel's points in each spatial dimension; a copy. */
    public final long[] dilation() {
        return dilation.clone();
    }

    /**
     * Sets {@link #dilation()}, one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if there are neither one nor as many as spatial dimensions
     */
    public final void dilation(long... newDilation) {
        dilation = Sizes.expand("dilation", kernelSize.length, newDilation);
    }

    /** Into how many independent groups the channels are split. */
    public final long groups() {
        return groups;
    }

    /**
     * Sets {@link #groups()}: for a weight that is replaced by one of another shape. The weight stays as it is.
     *
     * @throws IllegalArgumentException if it is not positive, or does not divide both numbers of channels
     */
    public final void groups(long newGroups) {
        checkGroups(inChannels, outChannels, newGroups);
        groups = newGroups;
    }

    /** Returns what the padding consists of. */
    public final PaddingMode paddingMode() {
        return paddingMode;
    }

    /** Returns whether it is a transposed convolution. */
    public final boolean transposed() {
        return transposed;
    }

    /** Returns what a transposed convolution adds on one side of the result, in each spatial dimension; a copy. */
    public final long[] outputPadding() {
        return outputPadding.clone();
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
        if (Arrays.stream(outputPadding).anyMatch(p -> p != 0)) {
            out.append(", output_padding=").append(PythonText.tuple(outputPadding));
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
