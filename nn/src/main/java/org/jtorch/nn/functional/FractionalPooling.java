package org.jtorch.nn.functional;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;
import org.jtorch.ValuesIndices;
import org.jtorch.nn.internal.Sizes;

/** Pooling over windows at random positions. */
final class FractionalPooling {

    private FractionalPooling() {}

    static ValuesIndices fractionalMaxPool2dWithIndices(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] outputSize,
            double @Nullable [] outputRatio,
            @Nullable Tensor randomSamples) {
        long[] size = size(2, input, outputSize, outputRatio);
        Tensor samples = randomSamples == null ? samples(2, input) : randomSamples;
        return input.fractionalMaxPool2d(Sizes.expand("kernel_size", 2, kernelSize), size, samples);
    }

    static ValuesIndices fractionalMaxPool3dWithIndices(
            Tensor input,
            long[] kernelSize,
            long @Nullable [] outputSize,
            double @Nullable [] outputRatio,
            @Nullable Tensor randomSamples) {
        long[] size = size(3, input, outputSize, outputRatio);
        Tensor samples = randomSamples == null ? samples(3, input) : randomSamples;
        return input.fractionalMaxPool3d(Sizes.expand("kernel_size", 3, kernelSize), size, samples);
    }

    /** Returns the output size of a fractional pooling, which is given directly or by a ratio. */
    private static long[] size(int dims, Tensor input, long @Nullable [] size, double @Nullable [] ratio) {
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

    /** Draws random positions for the windows of a fractional pooling. */
    private static Tensor samples(int dims, Tensor input) {
        long batch = input.dim() == dims + 1 ? 1 : input.size(0);
        return Torch.rand(
                new long[] {batch, input.size(-dims - 1), dims},
                TensorOptions.DEFAULT.dtype(input.dtype()).device(input.device()));
    }
}
