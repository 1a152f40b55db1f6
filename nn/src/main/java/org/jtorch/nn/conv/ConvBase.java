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
 * The base class of convolutions and transposed convolutions of any number of spatial dimensions: their arguments and
 * parameters.
 *
 * <p>Parameters: {@code weight} and {@code bias} (out_channels), initialized uniformly on {@code [-b, b)} with
 * {@code b = 1 / sqrt(fan_in)}. The value fan_in is the product of all sizes of the weight except the first.
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

    /**
     * The weight, (out_channels, in_channels / groups, *kernel_size); if transposed, (in_channels, out_channels / groups,
     * *kernel_size).
     */
    public Parameter weight;

    /** The bias, (out_channels), or null if there is none. */
    public @Nullable Parameter bias;

    /** Creates a convolution, which is transposed if {@code outputPadding} is not null. */
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

    /** Sets the channels and shapes of a lazy convolution from its first input. A loaded weight keeps its shape. */
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

    /** Draws new initial values for the parameters. It has no effect while their shapes are not known. */
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

    /** Returns the number of channels of the input, or 0 for a lazy convolution before its first call. */
    public final long inChannels() {
        return inChannels;
    }

    /**
     * Sets {@link #inChannels()}, for a weight that is replaced by one of another shape. The weight is not changed.
     *
     * @throws IllegalArgumentException if {@link #groups()} does not divide it
     */
    public final void inChannels(long newInChannels) {
        checkGroups(newInChannels, outChannels, groups);
        inChannels = newInChannels;
    }

    /** Returns the number of channels of the output. */
    public final long outChannels() {
        return outChannels;
    }

    /**
     * Sets {@link #outChannels()}, for a weight that is replaced by one of another shape. The weight is not changed.
     *
     * @throws IllegalArgumentException if {@link #groups()} does not divide it
     */
    public final void outChannels(long newOutChannels) {
        checkGroups(inChannels, newOutChannels, groups);
        outChannels = newOutChannels;
    }

    /** Returns a copy of the kernel's size in each spatial dimension. */
    public final long[] kernelSize() {
        return kernelSize.clone();
    }

    /** Returns a copy of the kernel's stride in each spatial dimension. */
    public final long[] stride() {
        return stride.clone();
    }

    /**
     * Sets {@link #stride()}: one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions, or if the
     *     stride is not 1 and the padding is {@code same}
     */
    public final void stride(long... newStride) {
        long[] expanded = Sizes.expand("stride", kernelSize.length, newStride);
        checkPadding(paddingName, expanded);
        stride = expanded;
    }

    /**
     * Returns a copy of the padding on both sides of each spatial dimension. It is zeros for the padding {@code valid}.
     *
     * @throws IllegalStateException if the padding is {@code same}, whose sizes may differ between the sides; see
     *     {@link #paddingName}
     */
    public final long[] padding() {
        if ("same".equals(paddingName)) {
            throw new IllegalStateException("the padding is 'same' and not a size: check paddingName() first");
        }
        return padding.clone();
    }

    /**
     * Sets {@link #padding()}: one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void padding(long... newPadding) {
        padding = Sizes.expand("padding", kernelSize.length, newPadding);
        paddingName = null;
    }

    /** Returns {@code same} or {@code valid} if the padding was given by name, otherwise null. */
    public final @Nullable String paddingName() {
        return paddingName;
    }

    /** Returns a copy of the distance between the kernel's points in each spatial dimension. */
    public final long[] dilation() {
        return dilation.clone();
    }

    /**
     * Sets {@link #dilation()}: one number for all spatial dimensions or one for each.
     *
     * @throws IllegalArgumentException if the number of values is neither one nor the number of spatial dimensions
     */
    public final void dilation(long... newDilation) {
        dilation = Sizes.expand("dilation", kernelSize.length, newDilation);
    }

    /** Returns the number of independent groups into which the channels are split. */
    public final long groups() {
        return groups;
    }

    /**
     * Sets {@link #groups()}, for a weight that is replaced by one of another shape. The weight is not changed.
     *
     * @throws IllegalArgumentException if {@code newGroups} is not positive, or does not divide both numbers of channels
     */
    public final void groups(long newGroups) {
        checkGroups(inChannels, outChannels, newGroups);
        groups = newGroups;
    }

    /** Returns the values that the padding consists of. */
    public final PaddingMode paddingMode() {
        return paddingMode;
    }

    /** Returns whether this is a transposed convolution. */
    public final boolean transposed() {
        return transposed;
    }

    /** Returns a copy of the additional size on one side of a transposed convolution's output, in each spatial dimension. */
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
