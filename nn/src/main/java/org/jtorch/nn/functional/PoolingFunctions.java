package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.internal.PythonText;
import org.jtorch.nn.internal.Sizes;

/** Pooling functions of {@link F}. */
abstract class PoolingFunctions extends ConvolutionFunctions {

    /** The engine's form of "as large as the kernel". */
    private static final long[] STRIDE_OF_KERNEL = {};

    private static final long[] ZERO = {0};
    private static final long[] ONE = {1};

    PoolingFunctions() {}

    /** {@link #maxPool1d(Tensor, long[], long[], long[], long[], boolean)} over windows that do not overlap. */
    public static Tensor maxPool1d(Tensor input, long kernelSize) {
        return maxPool1d(input, new long[] {kernelSize}, null, ZERO, ONE, false);
    }

    /**
     * The greatest element of each window.
     *
     * @param input (N, C, L) or (C, L)
     * @param kernelSize the window's size, one number
     * @param stride the windows' distance, one number; null: the kernel's size
     * @param padding negative infinity on both sides, at most half the kernel
     * @param dilation distance between the window's points
     * @param ceilMode whether a window that reaches over the end counts
     * @return (N, C, L_out), {@code L_out = floor((L + 2 padding - dilation (kernelSize - 1) - 1) / stride) + 1}
     */
    public static Tensor maxPool1d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long[] dilation,
            boolean ceilMode) {
        return input.maxPool1d(kernelSize, orKernel(stride), padding, dilation, ceilMode);
    }

    /**
     * {@link #maxPool1dWithIndices(Tensor, long[], long[], long[], long[], boolean)} over windows that do not overlap.
     */
    public static ValuesIndices maxPool1dWithIndices(Tensor input, long kernelSize) {
        return maxPool1dWithIndices(input, new long[] {kernelSize}, null, ZERO, ONE, false);
    }

    /**
     * As {@link #maxPool1d(Tensor, long[], long[], long[], long[], boolean)}, and for each result where it stood: its place
     * in the line, int64.
     */
    public static ValuesIndices maxPool1dWithIndices(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long[] dilation,
            boolean ceilMode) {
        return input.maxPool1dWithIndices(kernelSize, orKernel(stride), padding, dilation, ceilMode);
    }

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
     * @param padding negative infinity on both sides, at most half the kernel
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
        return input.maxPool2d(kernelSize, orKernel(stride), padding, dilation, ceilMode);
    }

    /**
     * {@link #maxPool2dWithIndices(Tensor, long[], long[], long[], long[], boolean)} over square windows that do not overlap.
     */
    public static ValuesIndices maxPool2dWithIndices(Tensor input, long kernelSize) {
        return maxPool2dWithIndices(input, new long[] {kernelSize}, null, ZERO, ONE, false);
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
        return input.maxPool2dWithIndices(kernelSize, orKernel(stride), padding, dilation, ceilMode);
    }

    /** {@link #maxPool3d(Tensor, long[], long[], long[], long[], boolean)} over cubic windows that do not overlap. */
    public static Tensor maxPool3d(Tensor input, long kernelSize) {
        return maxPool3d(input, new long[] {kernelSize}, null, ZERO, ONE, false);
    }

    /**
     * The greatest element of each window.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param kernelSize the window's size, one number or three
     * @param stride the windows' distance, one number or three; null: the kernel's size
     * @param padding negative infinity on both sides, at most half the kernel
     * @param dilation distance between the window's points
     * @param ceilMode whether a window that reaches over the end counts
     * @return (N, C, D_out, H_out, W_out), {@code D_out = floor((D + 2 padding - dilation (kernelSize - 1) - 1) / stride) + 1}
     */
    public static Tensor maxPool3d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long[] dilation,
            boolean ceilMode) {
        return input.maxPool3d(kernelSize, orKernel(stride), padding, dilation, ceilMode);
    }

    /**
     * {@link #maxPool3dWithIndices(Tensor, long[], long[], long[], long[], boolean)} over cubic windows that do not overlap.
     */
    public static ValuesIndices maxPool3dWithIndices(Tensor input, long kernelSize) {
        return maxPool3dWithIndices(input, new long[] {kernelSize}, null, ZERO, ONE, false);
    }

    /**
     * As {@link #maxPool3d(Tensor, long[], long[], long[], long[], boolean)}, and for each result where it stood: its place
     * in the flattened (D, H, W) volume, int64.
     */
    public static ValuesIndices maxPool3dWithIndices(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long[] dilation,
            boolean ceilMode) {
        return input.maxPool3dWithIndices(kernelSize, orKernel(stride), padding, dilation, ceilMode);
    }

    /** The mean of each of windows that do not overlap. */
    public static Tensor avgPool1d(Tensor input, long kernelSize) {
        return avgPool1d(input, new long[] {kernelSize}, null, ZERO, false, true);
    }

    /**
     * The mean of each window.
     *
     * @param input (N, C, L) or (C, L)
     * @param kernelSize the window's size, one number
     * @param stride the windows' distance, one number; null: the kernel's size
     * @param padding zeros on both sides
     * @param ceilMode whether a window that reaches over the end counts
     * @param countIncludePad whether the zeros of the padding count as elements
     * @return (N, C, L_out), {@code L_out = floor((L + 2 padding - kernelSize) / stride) + 1}
     */
    public static Tensor avgPool1d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            boolean ceilMode,
            boolean countIncludePad) {
        return input.avgPool1d(kernelSize, orKernel(stride), padding, ceilMode, countIncludePad);
    }

    /** The mean of each of square windows that do not overlap. */
    public static Tensor avgPool2d(Tensor input, long kernelSize) {
        return avgPool2d(input, new long[] {kernelSize}, null, ZERO, false, true, null);
    }

    /**
     * The mean of each window.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param kernelSize the window's size, one number or two
     * @param stride the windows' distance, one number or two; null: the kernel's size
     * @param padding zeros on both sides
     * @param ceilMode whether a window that reaches over the end counts
     * @param countIncludePad whether the zeros of the padding count as elements
     * @param divisorOverride what to divide a window's sum by; null: the number of its elements
     * @return (N, C, H_out, W_out), {@code H_out = floor((H + 2 padding - kernelSize) / stride) + 1}
     */
    public static Tensor avgPool2d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            boolean ceilMode,
            boolean countIncludePad,
            @Nullable Long divisorOverride) {
        return input.avgPool2d(kernelSize, orKernel(stride), padding, ceilMode, countIncludePad, divisorOverride);
    }

    /** The mean of each of cubic windows that do not overlap. */
    public static Tensor avgPool3d(Tensor input, long kernelSize) {
        return avgPool3d(input, new long[] {kernelSize}, null, ZERO, false, true, null);
    }

    /**
     * The mean of each window.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param kernelSize the window's size, one number or three
     * @param stride the windows' distance, one number or three; null: the kernel's size
     * @param padding zeros on both sides
     * @param ceilMode whether a window that reaches over the end counts
     * @param countIncludePad whether the zeros of the padding count as elements
     * @param divisorOverride what to divide a window's sum by; null: the number of its elements
     * @return (N, C, D_out, H_out, W_out), {@code D_out = floor((D + 2 padding - kernelSize) / stride) + 1}
     */
    public static Tensor avgPool3d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            boolean ceilMode,
            boolean countIncludePad,
            @Nullable Long divisorOverride) {
        return input.avgPool3d(kernelSize, orKernel(stride), padding, ceilMode, countIncludePad, divisorOverride);
    }

    /**
     * Means over windows that are chosen so that the result has a given size: place {@code i} stands for the input's
     * {@code floor(i L / size)} to {@code ceil((i + 1) L / size)}.
     *
     * @param input (N, C, L) or (C, L)
     * @param outputSize the result's length
     * @return (N, C, size) or (C, size)
     */
    public static Tensor adaptiveAvgPool1d(Tensor input, long... outputSize) {
        return input.adaptiveAvgPool1d(outputSize);
    }

    /** {@link #adaptiveAvgPool2d(Tensor, long[])} to a square. */
    public static Tensor adaptiveAvgPool2d(Tensor input, long outputSize) {
        return adaptiveAvgPool2d(input, new long[] {outputSize, outputSize});
    }

    /** {@link #adaptiveAvgPool2d(Tensor, long[])}; null stands for the input's size. */
    public static Tensor adaptiveAvgPool2d(Tensor input, @Nullable Number height, @Nullable Number width) {
        return adaptiveAvgPool2d(input, new long[] {orSize(height, input, -2), orSize(width, input, -1)});
    }

    /**
     * Means over windows that are chosen so that the result has a given size: place {@code i} stands for the input's
     * {@code floor(i H / size)} to {@code ceil((i + 1) H / size)}.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param outputSize the result's height and width
     * @return (N, C, height, width) or (C, height, width)
     */
    public static Tensor adaptiveAvgPool2d(Tensor input, long... outputSize) {
        return input.adaptiveAvgPool2d(outputSize);
    }

    /** {@link #adaptiveAvgPool3d(Tensor, long[])} to a cube. */
    public static Tensor adaptiveAvgPool3d(Tensor input, long outputSize) {
        return adaptiveAvgPool3d(input, new long[] {outputSize, outputSize, outputSize});
    }

    /** {@link #adaptiveAvgPool3d(Tensor, long[])}; null stands for the input's size. */
    public static Tensor adaptiveAvgPool3d(
            Tensor input, @Nullable Number depth, @Nullable Number height, @Nullable Number width) {
        return adaptiveAvgPool3d(
                input, new long[] {orSize(depth, input, -3), orSize(height, input, -2), orSize(width, input, -1)});
    }

    /**
     * Means over windows that are chosen so that the result has a given size: place {@code i} stands for the input's
     * {@code floor(i D / size)} to {@code ceil((i + 1) D / size)}.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param outputSize the result's depth, height and width
     * @return (N, C, depth, height, width) or (C, depth, height, width)
     */
    public static Tensor adaptiveAvgPool3d(Tensor input, long... outputSize) {
        return input.adaptiveAvgPool3d(outputSize);
    }

    /**
     * The greatest elements of windows that are chosen so that the result has a given size: place {@code i} stands for the input's
     * {@code floor(i L / size)} to {@code ceil((i + 1) L / size)}.
     *
     * @param input (N, C, L) or (C, L)
     * @param outputSize the result's length
     * @return (N, C, size) or (C, size)
     */
    public static Tensor adaptiveMaxPool1d(Tensor input, long... outputSize) {
        return input.adaptiveMaxPool1d(outputSize).values();
    }

    /** {@link #adaptiveMaxPool1d(Tensor, long[])}, and for each result its place in the line, int64. */
    public static ValuesIndices adaptiveMaxPool1dWithIndices(Tensor input, long... outputSize) {
        return input.adaptiveMaxPool1d(outputSize);
    }

    /** {@link #adaptiveMaxPool2d(Tensor, long[])} to a square. */
    public static Tensor adaptiveMaxPool2d(Tensor input, long outputSize) {
        return adaptiveMaxPool2d(input, new long[] {outputSize, outputSize});
    }

    /** {@link #adaptiveMaxPool2d(Tensor, long[])}; null stands for the input's size. */
    public static Tensor adaptiveMaxPool2d(Tensor input, @Nullable Number height, @Nullable Number width) {
        return adaptiveMaxPool2d(input, new long[] {orSize(height, input, -2), orSize(width, input, -1)});
    }

    /**
     * The greatest elements of windows that are chosen so that the result has a given size: place {@code i} stands for the input's
     * {@code floor(i H / size)} to {@code ceil((i + 1) H / size)}.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param outputSize the result's height and width
     * @return (N, C, height, width) or (C, height, width)
     */
    public static Tensor adaptiveMaxPool2d(Tensor input, long... outputSize) {
        return input.adaptiveMaxPool2d(outputSize).values();
    }

    /** {@link #adaptiveMaxPool2d(Tensor, long[])}, and for each result its place in the flattened (H, W) plane, int64. */
    public static ValuesIndices adaptiveMaxPool2dWithIndices(Tensor input, long... outputSize) {
        return input.adaptiveMaxPool2d(outputSize);
    }

    /** {@link #adaptiveMaxPool3d(Tensor, long[])} to a cube. */
    public static Tensor adaptiveMaxPool3d(Tensor input, long outputSize) {
        return adaptiveMaxPool3d(input, new long[] {outputSize, outputSize, outputSize});
    }

    /** {@link #adaptiveMaxPool3d(Tensor, long[])}; null stands for the input's size. */
    public static Tensor adaptiveMaxPool3d(
            Tensor input, @Nullable Number depth, @Nullable Number height, @Nullable Number width) {
        return adaptiveMaxPool3d(
                input, new long[] {orSize(depth, input, -3), orSize(height, input, -2), orSize(width, input, -1)});
    }

    /**
     * The greatest elements of windows that are chosen so that the result has a given size: place {@code i} stands for the input's
     * {@code floor(i D / size)} to {@code ceil((i + 1) D / size)}.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param outputSize the result's depth, height and width
     * @return (N, C, depth, height, width) or (C, depth, height, width)
     */
    public static Tensor adaptiveMaxPool3d(Tensor input, long... outputSize) {
        return input.adaptiveMaxPool3d(outputSize).values();
    }

    /** {@link #adaptiveMaxPool3d(Tensor, long[])}, and for each result its place in the flattened (D, H, W) volume, int64. */
    public static ValuesIndices adaptiveMaxPool3dWithIndices(Tensor input, long... outputSize) {
        return input.adaptiveMaxPool3d(outputSize);
    }

    /** {@link #maxUnpool1d(Tensor, Tensor, long[], long[], long[], long[])} of windows that did not overlap. */
    public static Tensor maxUnpool1d(Tensor input, Tensor indices, long kernelSize) {
        return maxUnpool1d(input, indices, new long[] {kernelSize}, null, ZERO, null);
    }

    /**
     * Undoes {@link #maxPool1dWithIndices}: each element is put where its index says, zero elsewhere.
     *
     * @param input (N, C, L) or (C, L)
     * @param indices shaped as the input
     * @param kernelSize the pooling's, one number or one for each dimension
     * @param stride the pooling's; null: the kernel's size
     * @param padding the pooling's
     * @param outputSize the result's spatial sizes, or its whole shape; null: {@code (L - 1) stride - 2 padding + kernelSize}
     * @return (N, C, L_out)
     * @throws IllegalArgumentException if the pooling cannot have had an input of that size
     */
    public static Tensor maxUnpool1d(
            Tensor input,
            Tensor indices,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long @Nullable [] outputSize) {
        long[] step = Sizes.expand("stride", 1, stride == null ? kernelSize : stride);
        long[] size = Unpooling.outputSize(1, input, kernelSize, step, padding, outputSize);
        return input.unsqueeze(-1)
                .maxUnpool2d(indices.unsqueeze(-1), new long[] {size[0], 1})
                .squeeze(-1);
    }

    /** {@link #maxUnpool2d(Tensor, Tensor, long[], long[], long[], long[])} of square windows that did not overlap. */
    public static Tensor maxUnpool2d(Tensor input, Tensor indices, long kernelSize) {
        return maxUnpool2d(input, indices, new long[] {kernelSize}, null, ZERO, null);
    }

    /**
     * Undoes {@link #maxPool2dWithIndices}: each element is put where its index says, zero elsewhere.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param indices shaped as the input
     * @param kernelSize the pooling's, one number or one for each dimension
     * @param stride the pooling's; null: the kernel's size
     * @param padding the pooling's
     * @param outputSize the result's spatial sizes, or its whole shape; null: {@code (H - 1) stride - 2 padding + kernelSize}
     * @return (N, C, H_out, W_out)
     * @throws IllegalArgumentException if the pooling cannot have had an input of that size
     */
    public static Tensor maxUnpool2d(
            Tensor input,
            Tensor indices,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long @Nullable [] outputSize) {
        long[] step = Sizes.expand("stride", 2, stride == null ? kernelSize : stride);
        long[] size = Unpooling.outputSize(2, input, kernelSize, step, padding, outputSize);
        return input.maxUnpool2d(indices, size);
    }

    /** {@link #maxUnpool3d(Tensor, Tensor, long[], long[], long[], long[])} of cubic windows that did not overlap. */
    public static Tensor maxUnpool3d(Tensor input, Tensor indices, long kernelSize) {
        return maxUnpool3d(input, indices, new long[] {kernelSize}, null, ZERO, null);
    }

    /**
     * Undoes {@link #maxPool3dWithIndices}: each element is put where its index says, zero elsewhere.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param indices shaped as the input
     * @param kernelSize the pooling's, one number or one for each dimension
     * @param stride the pooling's; null: the kernel's size
     * @param padding the pooling's
     * @param outputSize the result's spatial sizes, or its whole shape; null: {@code (D - 1) stride - 2 padding + kernelSize}
     * @return (N, C, D_out, H_out, W_out)
     * @throws IllegalArgumentException if the pooling cannot have had an input of that size
     */
    public static Tensor maxUnpool3d(
            Tensor input,
            Tensor indices,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long @Nullable [] outputSize) {
        long[] step = Sizes.expand("stride", 3, stride == null ? kernelSize : stride);
        long[] size = Unpooling.outputSize(3, input, kernelSize, step, padding, outputSize);
        return input.maxUnpool3d(indices, size, step, Sizes.expand("padding", 3, padding));
    }

    /** {@link #fractionalMaxPool2dWithIndices(Tensor, long[], long[], double[], Tensor)} to a size, at drawn places. */
    public static ValuesIndices fractionalMaxPool2dWithIndices(Tensor input, long[] kernelSize, long[] outputSize) {
        return fractionalMaxPool2dWithIndices(input, kernelSize, outputSize, null, null);
    }

    /** {@link #fractionalMaxPool2dWithIndices(Tensor, long[], long[], double[], Tensor)} to a part of the size, at drawn places. */
    public static ValuesIndices fractionalMaxPool2dWithIndices(Tensor input, long[] kernelSize, double[] outputRatio) {
        return fractionalMaxPool2dWithIndices(input, kernelSize, null, outputRatio, null);
    }

    /**
     * The greatest element of each of windows that stand at random places.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param kernelSize the window's size, one number or two
     * @param outputSize the result's size, or null if the ratio is given
     * @param outputRatio the result's size as a part of the input's, or null if the size is given
     * @param randomSamples where the windows stand, (N, C, 2) in [0, 1); null: drawn
     * @return (N, C, H_out, W_out), and for each its place in the flattened (H, W) plane, int64
     * @throws IllegalArgumentException if neither size nor ratio is given
     */
    public static ValuesIndices fractionalMaxPool2dWithIndices(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] outputSize,
            double @Nullable [] outputRatio,
            @Nullable Tensor randomSamples) {
        long[] size = Unpooling.fractionalSize(2, input, outputSize, outputRatio);
        Tensor samples = randomSamples == null ? Unpooling.samples(2, input) : randomSamples;
        return input.fractionalMaxPool2d(Sizes.expand("kernel_size", 2, kernelSize), size, samples);
    }

    /** {@link #fractionalMaxPool2d(Tensor, long[], long[], double[], Tensor)} to a size, at drawn places. */
    public static Tensor fractionalMaxPool2d(Tensor input, long[] kernelSize, long[] outputSize) {
        return fractionalMaxPool2d(input, kernelSize, outputSize, null, null);
    }

    /** {@link #fractionalMaxPool2d(Tensor, long[], long[], double[], Tensor)} to a part of the size, at drawn places. */
    public static Tensor fractionalMaxPool2d(Tensor input, long[] kernelSize, double[] outputRatio) {
        return fractionalMaxPool2d(input, kernelSize, null, outputRatio, null);
    }

    /** The values of {@link #fractionalMaxPool2dWithIndices}. */
    public static Tensor fractionalMaxPool2d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] outputSize,
            double @Nullable [] outputRatio,
            @Nullable Tensor randomSamples) {
        return fractionalMaxPool2dWithIndices(input, kernelSize, outputSize, outputRatio, randomSamples)
                .values();
    }

    /** {@link #fractionalMaxPool3dWithIndices(Tensor, long[], long[], double[], Tensor)} to a size, at drawn places. */
    public static ValuesIndices fractionalMaxPool3dWithIndices(Tensor input, long[] kernelSize, long[] outputSize) {
        return fractionalMaxPool3dWithIndices(input, kernelSize, outputSize, null, null);
    }

    /** {@link #fractionalMaxPool3dWithIndices(Tensor, long[], long[], double[], Tensor)} to a part of the size, at drawn places. */
    public static ValuesIndices fractionalMaxPool3dWithIndices(Tensor input, long[] kernelSize, double[] outputRatio) {
        return fractionalMaxPool3dWithIndices(input, kernelSize, null, outputRatio, null);
    }

    /**
     * The greatest element of each of windows that stand at random places.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param kernelSize the window's size, one number or three
     * @param outputSize the result's size, or null if the ratio is given
     * @param outputRatio the result's size as a part of the input's, or null if the size is given
     * @param randomSamples where the windows stand, (N, C, 3) in [0, 1); null: drawn
     * @return (N, C, D_out, H_out, W_out), and for each its place in the flattened (D, H, W) volume, int64
     * @throws IllegalArgumentException if neither size nor ratio is given
     */
    public static ValuesIndices fractionalMaxPool3dWithIndices(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] outputSize,
            double @Nullable [] outputRatio,
            @Nullable Tensor randomSamples) {
        long[] size = Unpooling.fractionalSize(3, input, outputSize, outputRatio);
        Tensor samples = randomSamples == null ? Unpooling.samples(3, input) : randomSamples;
        return input.fractionalMaxPool3d(Sizes.expand("kernel_size", 3, kernelSize), size, samples);
    }

    /** {@link #fractionalMaxPool3d(Tensor, long[], long[], double[], Tensor)} to a size, at drawn places. */
    public static Tensor fractionalMaxPool3d(Tensor input, long[] kernelSize, long[] outputSize) {
        return fractionalMaxPool3d(input, kernelSize, outputSize, null, null);
    }

    /** {@link #fractionalMaxPool3d(Tensor, long[], long[], double[], Tensor)} to a part of the size, at drawn places. */
    public static Tensor fractionalMaxPool3d(Tensor input, long[] kernelSize, double[] outputRatio) {
        return fractionalMaxPool3d(input, kernelSize, null, outputRatio, null);
    }

    /** The values of {@link #fractionalMaxPool3dWithIndices}. */
    public static Tensor fractionalMaxPool3d(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] outputSize,
            double @Nullable [] outputRatio,
            @Nullable Tensor randomSamples) {
        return fractionalMaxPool3dWithIndices(input, kernelSize, outputSize, outputRatio, randomSamples)
                .values();
    }

    /** {@link #lpPool1d(Tensor, double, long[], long[], boolean)} over windows that do not overlap. */
    public static Tensor lpPool1d(Tensor input, double normType, long kernelSize) {
        return lpPool1d(input, normType, new long[] {kernelSize}, null, false);
    }

    /**
     * The norm of each window, {@code (sum x^normType)^(1 / normType)}.
     *
     * @param input (N, C, L) or (C, L)
     * @param normType which norm, not 0
     * @param kernelSize the window's size, one number or one for each dimension
     * @param stride the windows' distance; null: the kernel's size
     * @param ceilMode whether a window that reaches over the end counts
     * @return (N, C, L_out)
     * @throws IllegalArgumentException if {@code normType} is 0
     */
    public static Tensor lpPool1d(
            Tensor input, double normType, long[] kernelSize, long @Nullable [] stride, boolean ceilMode) {
        if (Double.isInfinite(normNotZero(normType))) {
            Tensor greatest =
                    maxPool1d(normType > 0 ? input.abs() : input.abs().neg(), kernelSize, stride, ZERO, ONE, ceilMode);
            return normType > 0 ? greatest : greatest.neg();
        }
        Tensor means = avgPool1d(input.pow(normType), kernelSize, stride, ZERO, ceilMode, true);
        return root(means, Sizes.expand("kernel_size", 1, kernelSize), normType);
    }

    /** {@link #lpPool2d(Tensor, double, long[], long[], boolean)} over square windows that do not overlap. */
    public static Tensor lpPool2d(Tensor input, double normType, long kernelSize) {
        return lpPool2d(input, normType, new long[] {kernelSize}, null, false);
    }

    /**
     * The norm of each window, {@code (sum x^normType)^(1 / normType)}.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param normType which norm, not 0
     * @param kernelSize the window's size, one number or one for each dimension
     * @param stride the windows' distance; null: the kernel's size
     * @param ceilMode whether a window that reaches over the end counts
     * @return (N, C, H_out, W_out)
     * @throws IllegalArgumentException if {@code normType} is 0
     */
    public static Tensor lpPool2d(
            Tensor input, double normType, long[] kernelSize, long @Nullable [] stride, boolean ceilMode) {
        if (Double.isInfinite(normNotZero(normType))) {
            Tensor greatest =
                    maxPool2d(normType > 0 ? input.abs() : input.abs().neg(), kernelSize, stride, ZERO, ONE, ceilMode);
            return normType > 0 ? greatest : greatest.neg();
        }
        Tensor means = avgPool2d(input.pow(normType), kernelSize, stride, ZERO, ceilMode, true, null);
        return root(means, Sizes.expand("kernel_size", 2, kernelSize), normType);
    }

    /** {@link #lpPool3d(Tensor, double, long[], long[], boolean)} over cubic windows that do not overlap. */
    public static Tensor lpPool3d(Tensor input, double normType, long kernelSize) {
        return lpPool3d(input, normType, new long[] {kernelSize}, null, false);
    }

    /**
     * The norm of each window, {@code (sum x^normType)^(1 / normType)}.
     *
     * @param input (N, C, D, H, W) or (C, D, H, W)
     * @param normType which norm, not 0
     * @param kernelSize the window's size, one number or one for each dimension
     * @param stride the windows' distance; null: the kernel's size
     * @param ceilMode whether a window that reaches over the end counts
     * @return (N, C, D_out, H_out, W_out)
     * @throws IllegalArgumentException if {@code normType} is 0
     */
    public static Tensor lpPool3d(
            Tensor input, double normType, long[] kernelSize, long @Nullable [] stride, boolean ceilMode) {
        if (Double.isInfinite(normNotZero(normType))) {
            Tensor greatest =
                    maxPool3d(normType > 0 ? input.abs() : input.abs().neg(), kernelSize, stride, ZERO, ONE, ceilMode);
            return normType > 0 ? greatest : greatest.neg();
        }
        Tensor means = avgPool3d(input.pow(normType), kernelSize, stride, ZERO, ceilMode, true, null);
        return root(means, Sizes.expand("kernel_size", 3, kernelSize), normType);
    }

    private static double normNotZero(double normType) {
        if (normType == 0) {
            throw new IllegalArgumentException(
                    "norm_type must be a non-zero value, but got " + PythonText.of(normType));
        }
        return normType;
    }

    /** A window's norm from the mean of its elements' powers; the gradient at zero is zero. */
    private static Tensor root(Tensor means, long[] kernelSize, double normType) {
        long elements = Arrays.stream(kernelSize).reduce(1, (a, b) -> a * b);
        return means.sign().mul(means.abs().relu()).mul(elements).pow(1.0 / normType);
    }

    private static long[] orKernel(long @Nullable [] stride) {
        return stride == null ? STRIDE_OF_KERNEL : stride;
    }

    private static long orSize(@Nullable Number size, Tensor input, long dim) {
        return size == null ? input.size(dim) : size.longValue();
    }
}
