package org.jtorch.export.internal.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.boxes.NonMaximumSuppression;
import org.jtorch.nn.internal.boxes.RegionAlign;

/** Two operators of torchvision that graphs of detection models call. */
final class VisionOperators {

    private VisionOperators() {}

    /** Computes {@code nms(dets, scores, iou_threshold)}. */
    static List<Tensor> nms(List<@Nullable Object> arguments) {
        return List.of(NonMaximumSuppression.keep(
                tensor(arguments, 0), tensor(arguments, 1), number(arguments, 2).doubleValue()));
    }

    /**
     * Computes {@code roi_align(input, rois, spatial_scale, pooled_height, pooled_width, sampling_ratio, aligned)} with the number of the
     * image in the first column of {@code rois}.
     */
    static List<Tensor> roiAlign(List<@Nullable Object> arguments) {
        RegionAlign align = new RegionAlign(
                number(arguments, 3).intValue(),
                number(arguments, 4).intValue(),
                number(arguments, 2).doubleValue(),
                number(arguments, 5).intValue(),
                Boolean.TRUE.equals(arguments.get(6)));
        return List.of(align.apply(tensor(arguments, 0), tensor(arguments, 1)));
    }

    private static Tensor tensor(List<@Nullable Object> arguments, int index) {
        if (arguments.get(index) instanceof Tensor tensor) {
            return tensor;
        }
        throw new IllegalArgumentException("argument " + index + " must be a tensor");
    }

    private static Number number(List<@Nullable Object> arguments, int index) {
        if (arguments.get(index) instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("argument " + index + " must be a number");
    }
}
