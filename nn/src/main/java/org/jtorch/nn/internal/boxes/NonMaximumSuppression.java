package org.jtorch.nn.internal.boxes;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/** Removes boxes that overlap better ones: torchvision's {@code nms}. */
public final class NonMaximumSuppression {

    private final double[] boxes;

    /** Rounds to the boxes' precision: every step is computed in it, as a box may be exactly at the threshold. */
    private final DoubleUnaryOperator rounding;

    private NonMaximumSuppression(Tensor boxes) {
        this.boxes = boxes.detach().to(DType.FLOAT64).contiguous().toDoubleArray();
        this.rounding = boxes.dtype().equals(DType.FLOAT64) ? x -> x : x -> (float) x;
    }

    /**
     * Returns the indices of the boxes that are kept, the best score first. A box is removed if it overlaps a better one by more than
     * the threshold.
     *
     * @param boxes (N, 4): x1, y1, x2, y2
     * @param scores (N)
     * @param threshold the greatest intersection over union of two boxes that are kept
     * @return int64, on the device of the boxes
     */
    public static Tensor keep(Tensor boxes, Tensor scores, double threshold) {
        if (boxes.dim() != 2 || boxes.size(1) != 4) {
            throw new IllegalArgumentException(
                    "boxes must have the shape (N, 4), but have " + Arrays.toString(boxes.shape()));
        }
        if (scores.dim() != 1 || scores.size(0) != boxes.size(0)) {
            throw new IllegalArgumentException("there must be one score for each of the " + boxes.size(0)
                    + " boxes, but the scores have the shape " + Arrays.toString(scores.shape()));
        }
        double[] values = scores.detach().to(DType.FLOAT64).contiguous().toDoubleArray();
        long[] kept = new NonMaximumSuppression(boxes).kept(values, threshold);
        return Torch.tensor(kept).to(boxes.device());
    }

    private long[] kept(double[] scores, double threshold) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean[] removed = new boolean[scores.length];
        for (int a = 0; a < order.length; a++) {
            for (int b = a + 1; b < order.length && !removed[order[a]]; b++) {
                removed[order[b]] = removed[order[b]] || overlap(order[a], order[b]) > threshold;
            }
        }
        return Arrays.stream(order).filter(i -> !removed[i]).asLongStream().toArray();
    }

    /** Returns the intersection of two boxes over their union. */
    private double overlap(int i, int j) {
        double both = round(common(i, j, 0) * common(i, j, 1));
        return round(both / round(round(area(i) + area(j)) - both));
    }

    /** Returns the length of the intersection in one direction. */
    private double common(int i, int j, int direction) {
        double end = Math.min(boxes[4 * i + 2 + direction], boxes[4 * j + 2 + direction]);
        return Math.max(0, round(end - Math.max(boxes[4 * i + direction], boxes[4 * j + direction])));
    }

    private double area(int i) {
        return round(round(boxes[4 * i + 2] - boxes[4 * i]) * round(boxes[4 * i + 3] - boxes[4 * i + 1]));
    }

    private double round(double x) {
        return rounding.applyAsDouble(x);
    }
}
