package org.jtorch.nn.functional;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** Convolutions of {@link F}. */
abstract class ConvolutionFunctions {

    private static final long[] ZERO = {0};
    private static final long[] ONE = {1};

    ConvolutionFunctions() {}

    /** {@link #conv2d(Tensor, Tensor, Tensor)} without bias. */
    public static Tensor conv2d(Tensor input, Tensor weight) {
        return conv2d(input, weight, null);
    }

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

    /** {@link #conv1d(Tensor, Tensor, Tensor)} without bias. */
    public static Tensor conv1d(Tensor input, Tensor weight) {
        return conv1d(input, weight, null);
    }

    /**
     * {@link #conv1d(Tensor, Tensor, Tensor, long[], long[], long[], long)} with stride 1, no padding, dilation 1 and one
     * group.
     */
    public static Tensor conv1d(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return conv1d(input, weight, bias, ONE, ZERO, ONE, 1);
    }

    /**
     * Cross-correlation along one dimension: {@link #conv2d(Tensor, Tensor, Tensor, long[], long[], long[], long)} there.
     *
     * @param input (N, C_in, L) or (C_in, L)
     * @param weight (C_out, C_in / groups, k)
     * @param bias (C_out), or null
     * @param stride one number
     * @param padding zeros on both sides, one number
     * @param dilation distance between the kernel's points, one number
     * @param groups into how many independent groups the channels are split
     * @return (N, C_out, L_out), {@code L_out = floor((L + 2 padding - dilation (k - 1) - 1) / stride) + 1}
     */
    public static Tensor conv1d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] dilation,
            long groups) {
        return input.conv1d(weight, bias, stride, padding, dilation, groups);
    }

    /**
     * As above with the padding by name.
     *
     * @param padding {@code valid}: none; {@code same}: as much as keeps the size, for stride 1
     */
    public static Tensor conv1d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            String padding,
            long[] dilation,
            long groups) {
        return input.conv1d(weight, bias, stride, padding, dilation, groups);
    }

    /** {@link #conv3d(Tensor, Tensor, Tensor)} without bias. */
    public static Tensor conv3d(Tensor input, Tensor weight) {
        return conv3d(input, weight, null);
    }

    /**
     * {@link #conv3d(Tensor, Tensor, Tensor, long[], long[], long[], long)} with stride 1, no padding, dilation 1 and one
     * group.
     */
    public static Tensor conv3d(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return conv3d(input, weight, bias, ONE, ZERO, ONE, 1);
    }

    /**
     * Cross-correlation along three dimensions: {@link #conv2d(Tensor, Tensor, Tensor, long[], long[], long[], long)} there.
     *
     * @param input (N, C_in, D, H, W) or (C_in, D, H, W)
     * @param weight (C_out, C_in / groups, kD, kH, kW)
     * @param bias (C_out), or null
     * @param stride one number or three
     * @param padding zeros on both sides, one number or three
     * @param dilation distance between the kernel's points, one number or three
     * @param groups into how many independent groups the channels are split
     * @return (N, C_out, D_out, H_out, W_out), {@code D_out = floor((D + 2 padding - dilation (kD - 1) - 1) / stride) + 1}
     */
    public static Tensor conv3d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] dilation,
            long groups) {
        return input.conv3d(weight, bias, stride, padding, dilation, groups);
    }

    /**
     * As above with the padding by name.
     *
     * @param padding {@code valid}: none; {@code same}: as much as keeps the size, for stride 1
     */
    public static Tensor conv3d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            String padding,
            long[] dilation,
            long groups) {
        return input.conv3d(weight, bias, stride, padding, dilation, groups);
    }

    /** {@link #convTranspose1d(Tensor, Tensor, Tensor)} without bias. */
    public static Tensor convTranspose1d(Tensor input, Tensor weight) {
        return convTranspose1d(input, weight, null);
    }

    /** Transposed convolution with stride 1, no padding, dilation 1 and one group. */
    public static Tensor convTranspose1d(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return convTranspose1d(input, weight, bias, ONE, ZERO, ZERO, 1, ONE);
    }

    /**
     * Transposed convolution, the gradient of a convolution.
     *
     * @param input (N, C_in, L) or (C_in, L)
     * @param weight (C_in, C_out / groups, k)
     * @param bias (C_out), or null
     * @param stride the convolution's; sizes are one number for all dimensions or one for each
     * @param padding the convolution's: so much is cut away on both sides
     * @param outputPadding what is added on one side of the result
     * @param groups into how many independent groups the channels are split
     * @param dilation distance between the kernel's points
     * @return (N, C_out, L_out),
     *     {@code L_out = (L - 1) stride - 2 padding + dilation (k - 1) + outputPadding + 1}
     */
    public static Tensor convTranspose1d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] outputPadding,
            long groups,
            long[] dilation) {
        return input.convTranspose1d(weight, bias, stride, padding, outputPadding, groups, dilation);
    }

    /** {@link #convTranspose2d(Tensor, Tensor, Tensor)} without bias. */
    public static Tensor convTranspose2d(Tensor input, Tensor weight) {
        return convTranspose2d(input, weight, null);
    }

    /** Transposed convolution with stride 1, no padding, dilation 1 and one group. */
    public static Tensor convTranspose2d(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return convTranspose2d(input, weight, bias, ONE, ZERO, ZERO, 1, ONE);
    }

    /**
     * Transposed convolution, the gradient of a convolution.
     *
     * @param input (N, C_in, H, W) or (C_in, H, W)
     * @param weight (C_in, C_out / groups, kH, kW)
     * @param bias (C_out), or null
     * @param stride the convolution's; sizes are one number for all dimensions or one for each
     * @param padding the convolution's: so much is cut away on both sides
     * @param outputPadding what is added on one side of the result
     * @param groups into how many independent groups the channels are split
     * @param dilation distance between the kernel's points
     * @return (N, C_out, H_out, W_out),
     *     {@code H_out = (H - 1) stride - 2 padding + dilation (kH - 1) + outputPadding + 1}
     */
    public static Tensor convTranspose2d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] outputPadding,
            long groups,
            long[] dilation) {
        return input.convTranspose2d(weight, bias, stride, padding, outputPadding, groups, dilation);
    }

    /** {@link #convTranspose3d(Tensor, Tensor, Tensor)} without bias. */
    public static Tensor convTranspose3d(Tensor input, Tensor weight) {
        return convTranspose3d(input, weight, null);
    }

    /** Transposed convolution with stride 1, no padding, dilation 1 and one group. */
    public static Tensor convTranspose3d(Tensor input, Tensor weight, @Nullable Tensor bias) {
        return convTranspose3d(input, weight, bias, ONE, ZERO, ZERO, 1, ONE);
    }

    /**
     * Transposed convolution, the gradient of a convolution.
     *
     * @param input (N, C_in, D, H, W) or (C_in, D, H, W)
     * @param weight (C_in, C_out / groups, kD, kH, kW)
     * @param bias (C_out), or null
     * @param stride the convolution's; sizes are one number for all dimensions or one for each
     * @param padding the convolution's: so much is cut away on both sides
     * @param outputPadding what is added on one side of the result
     * @param groups into how many independent groups the channels are split
     * @param dilation distance between the kernel's points
     * @return (N, C_out, D_out, H_out, W_out),
     *     {@code D_out = (D - 1) stride - 2 padding + dilation (kD - 1) + outputPadding + 1}
     */
    public static Tensor convTranspose3d(
            Tensor input,
            Tensor weight,
            @Nullable Tensor bias,
            long[] stride,
            long[] padding,
            long[] outputPadding,
            long groups,
            long[] dilation) {
        return input.convTranspose3d(weight, bias, stride, padding, outputPadding, groups, dilation);
    }

    /** {@link #convTbc(Tensor, Tensor, Tensor, long)} without padding. */
    public static Tensor convTbc(Tensor input, Tensor weight, Tensor bias) {
        return convTbc(input, weight, bias, 0);
    }

    /**
     * {@link #conv1d(Tensor, Tensor, Tensor)} of tensors whose first dimension is time and whose last one is the channels.
     *
     * @param input (L, N, C_in)
     * @param weight (k, C_in, C_out)
     * @param bias (C_out)
     * @param pad zeros on both sides
     * @return (L_out, N, C_out), {@code L_out = L + 2 pad - k + 1}
     */
    public static Tensor convTbc(Tensor input, Tensor weight, Tensor bias, long pad) {
        return input.convTbc(weight, bias, pad);
    }
}
