package org.jtorch.nn.conv;

import java.util.Objects;
import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.internal.options.Customized;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.functional.PaddingMode;

/**
 * The base class of convolutions of any number of spatial dimensions: their padding.
 *
 * <p>Parameters: {@code weight} (out_channels, in_channels / groups, *kernel_size), {@code bias} (out_channels). Both are
 * initialized uniformly on {@code [-b, b)} with {@code b = 1 / sqrt(in_channels / groups * product of kernel_size)}.
 */
public abstract class ConvNd extends ConvBase {

    private static final long[] NO_PADDING = {0};

    /** The optional arguments of convolutions. */
    public static final class Options extends ConvOptions<Options> {

        /** Sets the padding by name: {@code valid} adds nothing; {@code same} keeps the size and requires stride 1. */
        public Options padding(String newPadding) {
            paddingName = newPadding;
            return this;
        }

        /** Sets the values that the padding consists of; the default is zeros. */
        public Options paddingMode(PaddingMode newPaddingMode) {
            paddingMode = newPaddingMode;
            return this;
        }
    }

    ConvNd(int dims, long inChannels, long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(dims, inChannels, outChannels, kernelSize, Customized.of(new Options(), options), null);
    }

    /** Convolves with a padding given by numbers. */
    abstract Tensor convolve(Tensor x, long[] stride, long[] padding, long[] dilation, long groups);

    /** Convolves with a padding given by name. */
    abstract Tensor convolve(Tensor x, long[] stride, String padding, long[] dilation, long groups);

    /**
     * Sets {@link #padding()} by name: {@code valid} adds nothing; {@code same} keeps the size and requires stride 1.
     *
     * @throws IllegalArgumentException if it is another name, or if it is {@code same} and the stride is not 1
     */
    public final void padding(String newPadding) {
        checkPadding(Objects.requireNonNull(newPadding, "padding"), stride);
        paddingName = newPadding;
        padding = new long[kernelSize.length];
    }

    /** Sets {@link #paddingMode()}. */
    public final void paddingMode(PaddingMode newPaddingMode) {
        paddingMode = Objects.requireNonNull(newPaddingMode, "paddingMode");
    }

    @Override
    protected Tensor forward(Tensor x) {
        if (paddingMode != PaddingMode.ZEROS) {
            return convolve(F.pad(x, sides(), paddingMode), stride, NO_PADDING, dilation, groups);
        }
        return paddingName == null
                ? convolve(x, stride, padding, dilation, groups)
                : convolve(x, stride, paddingName, dilation, groups);
    }

    /** Returns the padding before and after each spatial dimension, beginning with the last dimension. */
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
}
