package org.jtorch.nn.internal.boxes;

import java.util.ArrayList;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/**
 * Cuts a part of fixed size out of an image for each box: torchvision's {@code roi_align}. Each element is the mean of values that are
 * interpolated at several points. Rows and columns are interpolated separately, so that each box is two products of matrices.
 *
 * @param height the height of the parts
 * @param width the width of the parts
 * @param scale the factor from the boxes' coordinates to those of the images
 * @param ratio the number of points in each element and direction; chosen by the size of the box if it is not positive
 * @param isAligned whether the coordinates are moved by half a pixel, so that a pixel's value is that at its middle
 */
public record RegionAlign(int height, int width, double scale, int ratio, boolean isAligned) {

    /**
     * Returns the parts. Gradients flow to the images, not to the boxes.
     *
     * @param images (N, C, H, W)
     * @param boxes (K, 5): the number of the image, x1, y1, x2, y2
     * @return (K, C, height, width)
     */
    public Tensor apply(Tensor images, Tensor boxes) {
        double offset = isAligned ? 0.5 : 0;
        double[] values = boxes.detach().to(DType.FLOAT64).contiguous().toDoubleArray();
        List<Tensor> parts = new ArrayList<>();
        for (int at = 0; at < values.length; at += 5) {
            double left = values[at + 1] * scale - offset;
            double top = values[at + 2] * scale - offset;
            double wide = values[at + 3] * scale - offset - left;
            double tall = values[at + 4] * scale - offset - top;
            if (!isAligned) {
                wide = Math.max(wide, 1);
                tall = Math.max(tall, 1);
            }
            Tensor rows = weights(images, top, tall, height, (int) images.size(2));
            Tensor columns = weights(images, left, wide, width, (int) images.size(3));
            Tensor image = images.select(0, (long) values[at]);
            parts.add(rows.matmul(image).matmul(columns.transpose(0, 1)));
        }
        return parts.isEmpty() ? images.newZeros(0, images.size(1), height, width) : Torch.stack(parts);
    }

    /** Returns how much each of {@code size} elements counts for each of {@code bins} parts of a range. */
    private Tensor weights(Tensor like, double start, double length, int bins, int size) {
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
}
