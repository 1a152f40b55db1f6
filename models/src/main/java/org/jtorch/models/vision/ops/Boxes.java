package org.jtorch.models.vision.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.internal.boxes.NonMaximumSuppression;
import org.jtorch.nn.internal.boxes.RegionAlign;

/**
 * Functions of boxes in images, as in {@code torchvision.ops}. A box is x1, y1, x2, y2 with {@code x1 <= x2} and {@code y1 <= y2}, in
 * pixels.
 */
public final class Boxes {

    private Boxes() {}

    /** Returns the areas of boxes: (*, 4) to (*). Float16 and bfloat16 become float32. */
    private static Tensor area(Tensor boxes) {
        Tensor wide = upcast(boxes);
        Tensor width = wide.select(-1, 2).sub(wide.select(-1, 0));
        return width.mul(wide.select(-1, 3).sub(wide.select(-1, 1)));
    }

    /**
     * Returns the intersection over union of each box of one set and each of another one.
     *
     * @param boxes1 (N, 4)
     * @param boxes2 (M, 4)
     * @return (N, M); float32 for float16, bfloat16 and integers
     */
    public static Tensor boxIou(Tensor boxes1, Tensor boxes2) {
        requireBoxes(boxes1, 4);
        requireBoxes(boxes2, 4);
        Tensor first = boxes1.unsqueeze(-2);
        Tensor second = boxes2.unsqueeze(-3);
        Tensor start = first.narrow(-1, 0, 2).maximum(second.narrow(-1, 0, 2));
        Tensor end = first.narrow(-1, 2, 2).minimum(second.narrow(-1, 2, 2));
        Tensor sides = upcast(end.sub(start)).clampMin(0);
        Tensor both = sides.select(-1, 0).mul(sides.select(-1, 1));
        return both.div(
                area(boxes1).unsqueeze(-1).add(area(boxes2).unsqueeze(-2)).sub(both));
    }

    /**
     * Removes boxes that overlap better ones: non-maximum suppression. It is computed on the CPU.
     *
     * @param boxes (N, 4)
     * @param scores (N)
     * @param iouThreshold a box is removed if its intersection over union with a better box is greater
     * @return the indices of the boxes that are kept, the best score first, int64
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public static Tensor nms(Tensor boxes, Tensor scores, double iouThreshold) {
        return NonMaximumSuppression.keep(boxes, scores, iouThreshold);
    }

    /**
     * Removes boxes that overlap better ones of the same class.
     *
     * @param boxes (N, 4)
     * @param scores (N)
     * @param idxs the class of each box, (N), int64
     * @param iouThreshold a box is removed if its intersection over union with a better box of its class is greater
     * @return the indices of the boxes that are kept, the best score first, int64
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public static Tensor batchedNms(Tensor boxes, Tensor scores, Tensor idxs, double iouThreshold) {
        if (!Arrays.equals(idxs.shape(), scores.shape())) {
            throw new IllegalArgumentException("there must be one class for each score, but the classes have the shape "
                    + Arrays.toString(idxs.shape()) + " and the scores " + Arrays.toString(scores.shape()));
        }
        boolean many = boxes.numel() > (boxes.device().type().equals("cpu") ? 4000 : 100_000);
        return boxes.numel() == 0 || many
                ? classByClass(boxes, scores, idxs, iouThreshold)
                : movedApart(boxes, scores, idxs, iouThreshold);
    }

    /** Moves the boxes of each class to a place of their own. Few boxes are rounded as in torchvision by this. */
    private static Tensor movedApart(Tensor boxes, Tensor scores, Tensor idxs, double iouThreshold) {
        Tensor offsets = idxs.to(boxes.device(), boxes.dtype()).mul(boxes.max().add(1));
        return nms(boxes.add(offsets.unsqueeze(1)), scores, iouThreshold);
    }

    private static Tensor classByClass(Tensor boxes, Tensor scores, Tensor idxs, double iouThreshold) {
        List<Tensor> kept = new ArrayList<>();
        kept.add(Torch.empty(new long[] {0}, TensorOptions.of(DType.INT64).device(boxes.device())));
        long[] classes =
                Arrays.stream(idxs.to(DType.INT64).toLongArray()).distinct().toArray();
        for (long each : classes) {
            Tensor own = idxs.eq(each).nonzero().flatten();
            Tensor best = nms(boxes.indexSelect(0, own), scores.indexSelect(0, own), iouThreshold);
            kept.add(own.indexSelect(0, best));
        }
        Tensor all = Torch.cat(kept, 0);
        return all.indexSelect(0, scores.indexSelect(0, all).argsort(0, true));
    }

    /** The optional arguments of {@link #roiAlign(Tensor, Tensor, int, int, Consumer)}. */
    public static final class RoiAlignOptions {
        private double spatialScale = 1;
        private int samplingRatio = -1;
        private boolean aligned;

        private RoiAlignOptions() {}

        /** Sets the factor from the boxes' coordinates to those of the input; the default is 1. */
        public RoiAlignOptions spatialScale(double newSpatialScale) {
            spatialScale = newSpatialScale;
            return this;
        }

        /** Sets the number of points in each element and direction; by default it is chosen by the size of each box. */
        public RoiAlignOptions samplingRatio(int newSamplingRatio) {
            samplingRatio = newSamplingRatio;
            return this;
        }

        /** Sets whether coordinates are moved by half a pixel; the default is {@code false}. */
        public RoiAlignOptions aligned(boolean newAligned) {
            aligned = newAligned;
            return this;
        }
    }

    /** Does the same as {@link #roiAlign(Tensor, Tensor, int, int, Consumer)} with the default options. */
    public static Tensor roiAlign(Tensor input, Tensor boxes, int height, int width) {
        return roiAlign(input, boxes, height, width, o -> {});
    }

    /**
     * Cuts a part of fixed size out of an image for each box, with interpolation. Gradients flow to the images, not to the boxes.
     *
     * @param input images, (N, C, H, W)
     * @param boxes (K, 5): the number of the image, x1, y1, x2, y2
     * @param height the height of the parts
     * @param width the width of the parts
     * @param options sets the optional arguments
     * @return (K, C, height, width)
     * @throws IllegalArgumentException if the boxes have another shape
     */
    public static Tensor roiAlign(
            Tensor input, Tensor boxes, int height, int width, Consumer<? super RoiAlignOptions> options) {
        requireBoxes(boxes, 5);
        RoiAlignOptions o = new RoiAlignOptions();
        options.accept(o);
        return new RegionAlign(height, width, o.spatialScale, o.samplingRatio, o.aligned).apply(input, boxes);
    }

    private static void requireBoxes(Tensor boxes, long columns) {
        if (boxes.dim() != 2 || boxes.size(1) != columns) {
            throw new IllegalArgumentException(
                    "boxes must have the shape (N, " + columns + "), but have " + Arrays.toString(boxes.shape()));
        }
    }

    private static Tensor upcast(Tensor x) {
        boolean isNarrow = x.isFloatingPoint() && !x.dtype().equals(DType.FLOAT64);
        return isNarrow ? x.to(DType.FLOAT32) : x;
    }
}
