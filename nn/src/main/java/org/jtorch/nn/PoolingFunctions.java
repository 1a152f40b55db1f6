package org.jtorch.nn;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;

/** Pooling functions of {@link F}. */
abstract class PoolingFunctions extends ConvolutionFunctions {

    /** The engine's form of "as large as the kernel". */
    private static final long[] STRIDE_OF_KERNEL = {};

    private static final long[] ZERO = {0};
    private static final long[] ONE = {1};

    PoolingFunctions() {}

    /** {@link #maxPool2d(Tensor, long[], long[], long[], long[], boolean)} over square windows that do not overlap. */
    public static Tensor maxPool2d(Tensor input, long kernelSize) {
        return maxPool2d(input, new long[] {kernelSize}, null, ZERO, ONE, false);
    }

    /**
     * The greatest element of each window.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param kernelSize the window's size, one number or two
     * @param stride the windows' distance, one number or two; null: the kernel's size
     * @param padding rows and columns of negative infinity on both sides, at most half the kernel
     * @param dilation distance between the window's points
     * @param ceilMode whether a window that reaches over the end counts
     * @return (N, C, H_out, W_out), {@code H_out = floor((H + 2 padding - dilation (kernelSize - 1) - 1) / stride) + 1}
     */
    public static Tensor maxPool2d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long[] dilation,
            boolean ceilMode) {
        return input.maxPool2d(kernelSize, stride == null ? STRIDE_OF_KERNEL : stride, padding, dilation, ceilMode);
    }

    /**
     * As {@link #maxPool2d(Tensor, long[], long[], long[], long[], boolean)}, and for each result where it stood: its place
     * in the flattened (H, W) plane, int64.
     */
    public static ValuesIndices maxPool2dWithIndices(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long[] dilation,
            boolean ceilMode) {
        return input.maxPool2dWithIndices(
                kernelSize, stride == null ? STRIDE_OF_KERNEL : stride, padding, dilation, ceilMode);
    }

    /** {@link #adaptiveAvgPool2d(Tensor, Number, Number)} to a square. */
    public static Tensor adaptiveAvgPool2d(Tensor input, long outputSize) {
        return input.adaptiveAvgPool2d(new long[] {outputSize, outputSize});
    }

    /**
     * Means over windows that are chosen so that the result has a given size: row {@code i} averages the rows
     * {@code floor(i H / height)} to {@code ceil((i + 1) H / height)}.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param height the result's height; null: the input's
     * @param width the result's width; null: the input's
     * @return (N, C, height, width) or (C, height, width)
     */
    public static Tensor adaptiveAvgPool2d(Tensor input, @Nullable Number height, @Nullable Number width) {
        return input.adaptiveAvgPool2d(new long[] {
            height == null ? input.size(-2) : height.longValue(), width == null ? input.size(-1) : width.longValue()
        });
    }
}
