package org.jtorch.models.images;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Changes the size of images to the bit as Pillow does.
 *
 * <p>Rows and columns are resized one after the other, each to 8 bits. A new pixel is the sum of the old ones under the filter,
 * which is as many times wider as the image gets smaller. The weights are rounded to 22 bits after the point.
 *
 * <p>The columns come first if the height loses more than twice as many pixels as the width, as in Pillow 13. Older versions
 * always resize the rows first. In this case their values may differ: by one level of 255, and by more with BICUBIC and LANCZOS
 * where what goes below 0 or above 255 is cut off.
 *
 * @see <a href="https://pillow.readthedocs.io/en/stable/reference/Image.html#PIL.Image.Image.resize">PIL.Image.Image.resize</a>
 */
public final class Resize {

    private static final int BITS = 22;

    private Resize() {}

    /**
     * A part of an image, whose edges may lie within pixels.
     *
     * @param left the left edge, from 0
     * @param top the upper edge, from 0
     * @param right the right edge, at most the width
     * @param bottom the lower edge, at most the height
     */
    public record Box(float left, float top, float right, float bottom) {}

    static RgbImage resize(RgbImage image, int height, int width, Resampling filter, Box box) {
        int oldHeight = image.height();
        int oldWidth = image.width();
        if (!(box.left >= 0
                && box.top >= 0
                && box.left < box.right
                && box.top < box.bottom
                && box.right <= oldWidth
                && box.bottom <= oldHeight)) {
            throw new IllegalArgumentException(
                    box + " is empty or not within the image of " + oldHeight + " x " + oldWidth + " pixels");
        }
        byte[] values = RgbImage.newPlanes(height, width); // refuses sizes before anything is computed
        if (filter == Resampling.NEAREST) {
            nearest(image, values, height, width, box);
            return new RgbImage(values, height, width);
        }
        boolean changesRows = width != oldWidth || box.left != 0 || box.right != oldWidth;
        boolean changesColumns = height != oldHeight || box.top != 0 || box.bottom != oldHeight;
        if (!changesRows && !changesColumns) {
            return image;
        }
        Weights rows = changesRows ? new Weights(oldWidth, box.left, box.right, width, filter) : null;
        Weights columns = changesColumns ? new Weights(oldHeight, box.top, box.bottom, height, filter) : null;
        boolean columnsFirst = oldHeight > height && oldHeight - height > 2 * (oldWidth - width);
        byte[] planes = columnsFirst
                ? horizontal(vertical(image.planes(), oldWidth, columns), rows)
                : vertical(horizontal(image.planes(), rows), width, columns);
        return new RgbImage(planes, height, width);
    }

    /** The weights of the old pixels for each new one. */
    private static final class Weights {
        final int oldSize;
        final int newSize;

        /** The first old pixel of each new one. */
        final int[] first;

        /** The weights of each new pixel, for the old ones from the first on. */
        final int[][] weights;

        Weights(int oldSize, float from, float to, int newSize, Resampling filter) {
            this.oldSize = oldSize;
            this.newSize = newSize;
            first = new int[newSize];
            weights = new int[newSize][];
            double scale = (double) (to - from) / newSize;
            double widening = Math.max(scale, 1);
            double support = filter.support * widening;
            double narrowing = 1 / widening;
            for (int i = 0; i < newSize; i++) {
                double center = from + (i + 0.5) * scale;
                int start = Math.max((int) (center - support + 0.5), 0);
                int end = Math.min((int) (center + support + 0.5), oldSize);
                double[] exact = new double[Math.max(end - start, 0)];
                double sum = 0;
                for (int k = 0; k < exact.length; k++) {
                    exact[k] = filter.weight.applyAsDouble((k + start - center + 0.5) * narrowing);
                    sum += exact[k];
                }
                first[i] = start;
                weights[i] = new int[exact.length];
                for (int k = 0; k < exact.length; k++) {
                    double share = sum == 0 ? exact[k] : exact[k] / sum;
                    weights[i][k] = (int) (share * (1 << BITS) + (share < 0 ? -0.5 : 0.5));
                }
            }
        }
    }

    /** Resizes the rows, if there are weights. */
    private static byte[] horizontal(byte[] from, @Nullable Weights weights) {
        if (weights == null) {
            return from;
        }
        int rows = from.length / weights.oldSize;
        byte[] to = new byte[Math.multiplyExact(rows, weights.newSize)];
        for (int row = 0; row < rows; row++) {
            for (int x = 0; x < weights.newSize; x++) {
                int[] of = weights.weights[x];
                int at = row * weights.oldSize + weights.first[x];
                int sum = 1 << (BITS - 1);
                for (int k = 0; k < of.length; k++) {
                    sum += (from[at + k] & 0xff) * of[k];
                }
                to[row * weights.newSize + x] = narrow(sum);
            }
        }
        return to;
    }

    /** Resizes the columns, if there are weights. */
    private static byte[] vertical(byte[] from, int width, @Nullable Weights weights) {
        if (weights == null) {
            return from;
        }
        byte[] to = RgbImage.newPlanes(weights.newSize, width);
        int[] sums = new int[width];
        for (int c = 0; c < RgbImage.CHANNELS; c++) {
            for (int y = 0; y < weights.newSize; y++) {
                Arrays.fill(sums, 1 << (BITS - 1));
                int[] of = weights.weights[y];
                for (int k = 0; k < of.length; k++) {
                    int at = (c * weights.oldSize + weights.first[y] + k) * width;
                    for (int x = 0; x < width; x++) {
                        sums[x] += (from[at + x] & 0xff) * of[k];
                    }
                }
                int row = (c * weights.newSize + y) * width;
                for (int x = 0; x < width; x++) {
                    to[row + x] = narrow(sums[x]);
                }
            }
        }
        return to;
    }

    private static byte narrow(int sum) {
        return (byte) Math.min(Math.max(sum >> BITS, 0), 255);
    }

    // --- the nearest pixel -------------------------------------------------------------------------------------

    private static void nearest(RgbImage image, byte[] values, int height, int width, Box box) {
        int[] rows = nearest(box.top, box.bottom, height, image.height());
        int[] columns = nearest(box.left, box.right, width, image.width());
        byte[] old = image.planes();
        for (int c = 0; c < RgbImage.CHANNELS; c++) {
            for (int y = 0; y < height; y++) {
                int row = (c * image.height() + rows[y]) * image.width();
                for (int x = 0; x < width; x++) {
                    values[(c * height + y) * width + x] = old[row + columns[x]];
                }
            }
        }
    }

    /** Returns the old pixel of each new one. The step is added again and again, since Pillow's sum is rounded so. */
    private static int[] nearest(float from, float to, int newSize, int oldSize) {
        double step = (double) (to - from) / newSize;
        double at = from + step * 0.5;
        int[] pixels = new int[newSize];
        for (int i = 0; i < newSize; i++) {
            pixels[i] = Math.min((int) at, oldSize - 1);
            at += step;
        }
        return pixels;
    }
}
