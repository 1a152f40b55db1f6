package org.jtorch.export.internal.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/** Two operators of torchvision that graphs of detection models call. */
final class VisionOperators {

    private VisionOperators() {}

    /**
     * Returns the indices of the boxes that are kept, the best score first: {@code nms(dets, scores, iou_threshold)}. A box is
     * removed if it overlaps a better one by more than the threshold.
     */
    static List<Tensor> nms(List<@Nullable Object> arguments) {
        Tensor dets = tensor(arguments, 0);
        float threshold = number(arguments, 2).floatValue();
        float[] boxes = dets.detach().to(DType.FLOAT32).contiguous().toFloatArray();
        float[] scores = tensor(arguments, 1).detach().to(DType.FLOAT32).toFloatArray();
        int count = scores.length;
        Integer[] order = IntStream.range(0, count).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparing((Integer i) -> -scores[i]));
        boolean[] removed = new boolean[count];
        List<Long> kept = new ArrayList<>();
        for (int a = 0; a < count; a++) {
            int i = order[a];
            if (removed[i]) {
                continue;
            }
            kept.add((long) i);
            for (int b = a + 1; b < count; b++) {
                int j = order[b];
                removed[j] |= !removed[j] && overlap(boxes, i, j) > threshold;
            }
        }
        return List.of(
                Torch.tensor(kept.stream().mapToLong(Long::longValue).toArray()).to(dets.device()));
    }

    /** Returns the intersection of two boxes (x1, y1, x2, y2) over their union. */
    private static float overlap(float[] boxes, int i, int j) {
        float width = Math.min(boxes[4 * i + 2], boxes[4 * j + 2]) - Math.max(boxes[4 * i], boxes[4 * j]);
        float height = Math.min(boxes[4 * i + 3], boxes[4 * j + 3]) - Math.max(boxes[4 * i + 1], boxes[4 * j + 1]);
        float both = Math.max(0, width) * Math.max(0, height);
        return both / (area(boxes, i) + area(boxes, j) - both);
    }

    private static float area(float[] boxes, int i) {
        return (boxes[4 * i + 2] - boxes[4 * i]) * (boxes[4 * i + 3] - boxes[4 * i + 1]);
    }

    /**
     * Returns a part of fixed size of an image for each box: {@code roi_align(input, rois, spatial_scale, pooled_height,
     * pooled_width, sampling_ratio, aligned)}. Each element is the mean of values that are interpolated at several points. Rows and
     * columns are interpolated separately, so that each box is two products of matrices.
     */
    static List<Tensor> roiAlign(List<@Nullable Object> arguments) {
        Tensor input = tensor(arguments, 0); // (N, C, H, W)
        Tensor rois = tensor(arguments, 1); // (K, 5): image, x1, y1, x2, y2
        double scale = number(arguments, 2).doubleValue();
        int height = number(arguments, 3).intValue();
        int width = number(arguments, 4).intValue();
        int ratio = number(arguments, 5).intValue();
        boolean aligned = Boolean.TRUE.equals(arguments.get(6));
        double offset = aligned ? 0.5 : 0;
        double[] boxes = rois.detach().to(DType.FLOAT64).contiguous().toDoubleArray();
        List<Tensor> parts = new ArrayList<>();
        for (int k = 0; k < boxes.length / 5; k++) {
            double top = boxes[5 * k + 2] * scale - offset;
            double left = boxes[5 * k + 1] * scale - offset;
            double tall = boxes[5 * k + 4] * scale - offset - top;
            double wide = boxes[5 * k + 3] * scale - offset - left;
            if (!aligned) {
                tall = Math.max(tall, 1);
                wide = Math.max(wide, 1);
            }
            Tensor rows = weights(input, top, tall, height, (int) input.size(2), ratio);
            Tensor columns = weights(input, left, wide, width, (int) input.size(3), ratio);
            Tensor image = input.select(0, (long) boxes[5 * k]);
            parts.add(rows.matmul(image).matmul(columns.transpose(0, 1)));
        }
        return List.of(parts.isEmpty() ? input.newZeros(0, input.size(1), height, width) : Torch.stack(parts));
    }

    /**
     * Returns how much each of {@code size} elements counts for each of {@code bins} parts of a range.
     *
     * @param ratio the number of points in each part; chosen by the length if it is not positive
     */
    private static Tensor weights(Tensor like, double start, double length, int bins, int size, int ratio) {
        double[] weights = new double[bins * size];
        double step = length / bins;
        int points = ratio > 0 ? ratio : (int) Math.ceil(step);
        for (int bin = 0; bin < bins; bin++) {
            for (int point = 0; point < points; point++) {
                double at = start + bin * step + (point + 0.5) * step / points;
                if (at < -1 || at > size) {
                    continue;
                }
                double inside = Math.max(at, 0);
                int low = Math.min((int) inside, size - 1);
                int high = Math.min(low + 1, size - 1);
                double upper = low == size - 1 ? 0 : inside - low;
                weights[bin * size + low] += (1 - upper) / points;
                weights[bin * size + high] += upper / points;
            }
        }
        return Torch.tensor(weights).view(bins, size).to(like.device(), like.dtype());
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
