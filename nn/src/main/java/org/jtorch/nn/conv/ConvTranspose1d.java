package org.jtorch.nn.conv;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Transposed convolution, the gradient of {@link Conv1d}: {@code (N, C_in, L)} or {@code (C_in, L)} to
 * {@code (N, C_out, L_out)},
 * {@code L_out = (L - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html">torch.nn.ConvTranspose1d</a>
 */
public class ConvTranspose1d extends ConvTransposeNd {

    /** Creates a convolution with the default options. */
    public ConvTranspose1d(long inChannels, long outChannels, long kernelSize) {
        this(inChannels, outChannels, kernelSize, o -> {});
    }

    /** Creates a convolution. */
    public ConvTranspose1d(long inChannels, long outChannels, long kernelSize, Consumer<Options> options) {
        this(inChannels, outChannels, new long[] {kernelSize}, options);
    }

    /** Creates a convolution with the default options. */
    public ConvTranspose1d(long inChannels, long outChannels, long[] kernelSize) {
        this(inChannels, outChannels, kernelSize, o -> {});
    }

    /**
     * Creates a transposed convolution.
     *
     * @param inChannels the number of channels of the input
     * @param outChannels the number of channels of the output
     * @param kernelSize the length of the kernel
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code groups} does not divide both numbers of channels
     */
    public ConvTranspose1d(long inChannels, long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(1, inChannels, outChannels, kernelSize, options);
    }

    @Override
    final Tensor convolve(Tensor x, long[] stride, long[] padding, long[] outputPadding, long groups, long[] dilation) {
        return F.convTranspose1d(x, weight, bias, stride, padding, outputPadding, groups, dilation);
    }
}
