package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** Convolutions of {@link F}. */
abstract class ConvolutionFunctions {

    private static final long[] ZERO = {0};
    private static final long[] ONE = {1};

    ConvolutionFunctions() {}

    /**
     * {@link #conv2d(Tensor, Tensor, Tensor, long[], long[], long[], long)} with stride 1, no padding, dilation 1 and one
     * group.
     */
    public static Tensor conv2d(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return conv2d(input, weight, bias, ONE, ZERO, ONE, 1);
    }

    /**
     * Cross-correlation: {@code out[n, o, y, x] = bias[o] + sum over c, i, j of
     * weight[o, c, i, j] * input[n, c, y * stride + i * dilation - padding, x * stride + j * dilation - padding]}.
     *
     * @param input (N, C_in, H, W) or (C_in, H, W)
     * @param weight (C_out, C_in / groups, kH, kW)
     * @param bias (C_out), or null
     * @param stride one step for both dimensions or one for each
     * @param padding rows and columns of zeros on both sides, one number or two
     * @param dilation distance between the kernel's points, one number or two
     * @param groups into how many independent groups the channels are split
     * @return (N, C_out, H_out, W_out), {@code H_out = floor((H + 2 padding - dilation (kH - 1) - 1) / stride) + 1}
     */
    public static Tensor conv2d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] dilation,
            long groups) {
        return input.conv2d(weight, bias, stride, padding, dilation, groups);
    }

    /**
     * As above with the padding by name.
     *
     * @param padding {@code valid}: none; {@code same}: as much as keeps the size, for stride 1
     */
    public static Tensor conv2d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            String padding,
            long[] dilation,
            long groups) {
        return input.conv2d(weight, bias, stride, padding, dilation, groups);
    }
}
