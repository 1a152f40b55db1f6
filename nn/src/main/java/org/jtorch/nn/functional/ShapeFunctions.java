package org.jtorch.nn.functional;

import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.internal.Sizes;

/** Functions of {@link F} that move elements, and distances. */
abstract class ShapeFunctions extends VisionFunctions {

    ShapeFunctions() {}

    /** Channels into space: (…, C r², H, W) to (…, C, H r, W r), r being {@code upscaleFactor}. */
    public static Tensor pixelShuffle(Tensor input, long upscaleFactor) {
        return input.pixelShuffle(upscaleFactor);
    }

    /** Space into channels: (…, C, H r, W r) to (…, C r², H, W), r being {@code downscaleFactor}. */
    public static Tensor pixelUnshuffle(Tensor input, long downscaleFactor) {
        return input.pixelUnshuffle(downscaleFactor);
    }

    /** The channels of groups interleaved: (N, C, …) to the same. */
    public static Tensor channelShuffle(Tensor input, long groups) {
        return input.channelShuffle(groups);
    }

    /** {@link #channelShuffle} by the engine's own kernel. */
    public static Tensor nativeChannelShuffle(Tensor input, long groups) {
        return input.nativeChannelShuffle(groups);
    }

    /** {@link #unfold(Tensor, long[], long[], long[], long[])} over square windows at every place. */
    public static Tensor unfold(Tensor input, long kernelSize) {
        return unfold(input, new long[] {kernelSize}, new long[] {1}, new long[] {0}, new long[] {1});
    }

    /**
     * Windows as columns. Sizes are one number for both dimensions or one for each.
     *
     * @param input (N, C, H, W) or (C, H, W)
     * @param kernelSize the windows' size
     * @param dilation the distance between a window's points
     * @param padding zeros on both sides
     * @param stride the windows' distance
     * @return (N, C kH kW, windows)
     */
    public static Tensor unfold(Tensor input, long[] kernelSize, long[] dilation, long[] padding, long[] stride) {
        return input.im2col(
                Sizes.expand("kernel_size", 2, kernelSize),
                Sizes.expand("dilation", 2, dilation),
                Sizes.expand("padding", 2, padding),
                Sizes.expand("stride", 2, stride));
    }

    /** {@link #fold(Tensor, long[], long[], long[], long[], long[])} of square windows at every place. */
    public static Tensor fold(Tensor input, long[] outputSize, long kernelSize) {
        return fold(input, outputSize, new long[] {kernelSize}, new long[] {1}, new long[] {0}, new long[] {1});
    }

    /**
     * Columns summed back into the windows that they stand for. Sizes are one number for both dimensions or one for each.
     *
     * @param input (N, C kH kW, windows) or (C kH kW, windows)
     * @param outputSize the image's size
     * @param kernelSize the windows' size
     * @param dilation the distance between a window's points
     * @param padding zeros on both sides
     * @param stride the windows' distance
     * @return (N, C, H, W)
     */
    public static Tensor fold(
            Tensor input, long[] outputSize, long[] kernelSize, long[] dilation, long[] padding, long[] stride) {
        return input.col2im(
                Sizes.expand("output_size", 2, outputSize),
                Sizes.expand("kernel_size", 2, kernelSize),
                Sizes.expand("dilation", 2, dilation),
                Sizes.expand("padding", 2, padding),
                Sizes.expand("stride", 2, stride));
    }

    /** {@link #oneHot(Tensor, long)} with as many classes as the greatest index asks for. */
    public static Tensor oneHot(Tensor input) {
        return oneHot(input, -1);
    }

    /** {@code one_hot[…, c] = 1} where {@code input[…] = c}, else 0: indices (…) to int64 (…, numClasses); -1: infer. */
    public static Tensor oneHot(Tensor input, long numClasses) {
        return Torch.oneHot(input, numClasses);
    }

    /** {@link #pairwiseDistance(Tensor, Tensor, double, double, boolean)}: Euclid's. */
    public static Tensor pairwiseDistance(Tensor x1, Tensor x2) {
        return pairwiseDistance(x1, x2, 2.0, 1e-6, false);
    }

    /**
     * The norm of {@code x1 - x2 + eps} along the last dimension.
     *
     * @param x1 (…, D)
     * @param x2 (…, D)
     * @param p which norm
     * @param eps what is added so that there is a gradient at zero
     * @param keepdim whether the last dimension stays, of size 1
     * @return (…)
     */
    public static Tensor pairwiseDistance(Tensor x1, Tensor x2, double p, double eps, boolean keepdim) {
        return x1.pairwiseDistance(x2, p, eps, keepdim);
    }

    /** {@link #cosineSimilarity(Tensor, Tensor, long, double)} along dimension 1. */
    public static Tensor cosineSimilarity(Tensor x1, Tensor x2) {
        return cosineSimilarity(x1, x2, 1, 1e-8);
    }

    /**
     * {@code x1 x2 / max(|x1| |x2|, eps)} along a dimension.
     *
     * @param x1 any shape
     * @param x2 one that broadcasts with it
     * @param dim the dimension, which vanishes
     * @param eps what the product of the norms is at least taken for
     */
    public static Tensor cosineSimilarity(Tensor x1, Tensor x2, long dim, double eps) {
        return x1.cosineSimilarity(x2, dim, eps);
    }

    /** {@link #pdist(Tensor, double)}: Euclid's. */
    public static Tensor pdist(Tensor input) {
        return pdist(input, 2.0);
    }

    /** The distances of all pairs of rows: (N, D) to (N (N - 1) / 2), by the {@code p}-norm. */
    public static Tensor pdist(Tensor input, double p) {
        return input.pdist(p);
    }
}
