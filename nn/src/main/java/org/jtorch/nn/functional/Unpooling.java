package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.internal.Sizes;

/** The inverse of max poolings: each element is put at its index, and the others are zero. */
final class Unpooling {

    private Unpooling() {}

    static Tensor maxUnpool1d(
            Tensor input,
            Tensor indices,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long @Nullable [] outputSize) {
        long[] step = Sizes.expand("stride", 1, stride == null ? kernelSize : stride);
        long[] size = outputSize(1, input, kernelSize, step, padding, outputSize);
        return input.unsqueeze(-1)
                .maxUnpool2d(indices.unsqueeze(-1), new long[] {size[0], 1})
                .squeeze(-1);
    }

    static Tensor maxUnpool2d(
            Tensor input,
            Tensor indices,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long @Nullable [] outputSize) {
        long[] step = Sizes.expand("stride", 2, stride == null ? kernelSize : stride);
        long[] size = outputSize(2, input, kernelSize, step, padding, outputSize);
        return input.maxUnpool2d(indices, size);
    }

    static Tensor maxUnpool3d(
            Tensor input,
            Tensor indices,
            long[] kernelSize,
            long @Nullable [] stride,
            long[] padding,
            long @Nullable [] outputSize) {
        long[] step = Sizes.expand("stride", 3, stride == null ? kernelSize : stride);
        long[] size = outputSize(3, input, kernelSize, step, padding, outputSize);
        return input.maxUnpool3d(indices, size, step, Sizes.expand("padding", 3, padding));
    }

    /**
     * Returns the size of the input of a max pooling: the requested size if it is possible, otherwise the least possible size.
     */
    private static long[] outputSize(
            int dims, Tensor input, long[] kernelSize, long[] stride, long[] padding, long @Nullable [] asked) {
        long[] kernel = Sizes.expand("kernel_size", dims, kernelSize);
        long[] around = Sizes.expand("padding", dims, padding);
        long[] least = new long[dims];
        for (int d = 0; d < dims; d++) {
            least[d] = (input.size(d - dims) - 1) * stride[d] + kernel[d] - 2 * around[d];
        }
        if (asked == null) {
            return notNegative(least);
        }
        long[] size = asked.length == dims + 2 ? Arrays.copyOfRange(asked, 2, asked.length) : asked;
        if (size.length != dims) {
            throw new IllegalArgumentException("output_size should be a sequence containing " + dims + " or "
                    + (dims + 2) + " elements, but it has a length of '" + size.length + "'");
        }
        for (int d = 0; d < dims; d++) {
            if (size[d] <= least[d] - stride[d] || size[d] >= least[d] + stride[d]) {
                throw new IllegalArgumentException("invalid output_size \"" + Arrays.toString(size) + "\" (dim " + d
                        + " must be between " + (least[d] - stride[d]) + " and " + (least[d] + stride[d]) + ")");
            }
        }
        return notNegative(size);
    }

    private static long[] notNegative(long[] size) {
        for (int d = 0; d < size.length; d++) {
            if (size[d] < 0) {
                throw new IllegalArgumentException("max_unpooling: output_size must contain non-negative spatial"
                        + " dimensions, but got output_size[" + d + "]=" + size[d]);
            }
        }
        return size;
    }
}
