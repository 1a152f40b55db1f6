package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.nn.internal.Sizes;

/** How large the results of unpoolings and of fractional poolings are. */
final class Unpooling {

    private Unpooling() {}

    /** The size that a max pooling's input had: the one asked for, where it is possible, or the least. */
    static long[] outputSize(
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

    /** The size of a fractional pooling's result, given or as a part of the input's. */
    static long[] fractionalSize(int dims, Tensor input, long @Nullable [] size, double @Nullable [] ratio) {
        if (size != null) {
            return Sizes.expand("output_size", dims, size);
        }
        if (ratio == null) {
            throw new IllegalArgumentException(
                    "fractional_max_pool" + dims + "d requires specifying either an output_size or an output_ratio");
        }
        if (ratio.length != 1 && ratio.length != dims) {
            throw new IllegalArgumentException("output_ratio has " + ratio.length + " values " + Arrays.toString(ratio)
                    + ": give one for all " + dims + " spatial dimensions, or " + dims);
        }
        long[] result = new long[dims];
        for (int d = 0; d < dims; d++) {
            result[d] = (long) (input.size(d - dims) * ratio[ratio.length == 1 ? 0 : d]);
        }
        return result;
    }

    /** Random places for a fractional pooling's windows. */
    static Tensor samples(int dims, Tensor input) {
        long batch = input.dim() == dims + 1 ? 1 : input.size(0);
        return Torch.rand(
                new long[] {batch, input.size(-dims - 1), dims},
                TensorOptions.DEFAULT.dtype(input.dtype()).device(input.device()));
    }
}
