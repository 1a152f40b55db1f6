package org.jtorch.nn.conv;

import java.util.function.Consumer;
import org.jtorch.Tensor;
import org.jtorch.nn.functional.F;

/**
 * Cross-correlation with learned kernels: {@code (N, C_in, D, H, W)} or {@code (C_in, D, H, W)} to
 * {@code (N, C_out, D_out, H_out, W_out)}, {@code D_out = floor((D + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1}.
 *
 * <pre>{@code
 * new Conv3d(3, 64, 7, o -> o.stride(2).padding(3).bias(false));
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.Conv3d.html">torch.nn.Conv3d</a>
 */
public class Conv3d extends ConvNd {

    /** Creates a convolution with a cubic kernel and the default options. */
    public Conv3d(long inChannels, long outChannels, long kernelSize) {
        this(inChannels, outChannels, kernelSize, o -> {});
    }

    /** Creates a convolution with a cubic kernel. */
    public Conv3d(long inChannels, long outChannels, long kernelSize, Consumer<Options> options) {
        this(inChannels, outChannels, new long[] {kernelSize}, options);
    }

    /** Creates a convolution with the default options. */
    public Conv3d(long inChannels, long outChannels, long[] kernelSize) {
        this(inChannels, outChannels, kernelSize, o -> {});
    }

    /**
     * Creates a convolution.
     *
     * @param inChannels the number of channels of the input
     * @param outChannels the number of channels of the output
     * @param kernelSize the depth, height and width of the kernel
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code groups} does not divide both numbers of channels, if the padding is neither a
     *     size nor {@code same} nor {@code valid}, or if it is {@code same} and the stride is not 1
     */
    public Conv3d(long inChannels, long outChannels, long[] kernelSize, Consumer<Options> options) {
        super(3, inChannels, outChannels, kernelSize, options);
    }

    @Override
    final Tensor convolve(Tensor x, long[] stride, long[] padding, long[] dilation, long groups) {
        return F.conv3d(x, weight, bias, stride, padding, dilation, groups);
    }

    @Override
    final Tensor convolve(Tensor x, long[] stride, String padding, long[] dilation, long groups) {
        return F.conv3d(x, weight, bias, stride, padding, dilation, groups);
    }
}
