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

    /** With a cubic kernel and the default options. */
    public Conv3d(long inChannels, long outChannels, long kernelSize) {
        this(inChannels, outChannels, kernelSize, o -> {});
    }

    /** With a cubic kernel. */
    public Conv3d(long inChannels, long outChannels, long kernelSize, Consumer<Options> options) {
        this(inChannels, outChannels, new long[] {kernelSize}, options);
    }

    /** With the default options. */
    public Conv3d(long inChannels, long outChannels, long[] kernelSize) {
        this(inChannels, outChannels, kernelSize, o -> {});
    }

    /**
     * A convolution.
     *
     * @param inChannels the input's channels
     * @param outChannels the output's channels
     * @param kernelSize the kernel's depth, height and width
     * @param options sets the optional arguments
     * @throws IllegalArgumentException if {@code groups} does not divide both numbers of channels, or the padding is
     *     neither a size nor {@code same} nor {@code valid}, or {@code same} with a stride
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
