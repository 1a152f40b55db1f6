package org.jtorch.nn.functional;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.internal.text.PythonText;

/** Sizes of poolings, and the norms of windows. */
final class Pooling {

    /** No padding. */
    static final long[] NONE = {0};

    /** A dilation of 1. */
    static final long[] ONE = {1};

    /** The engine's value for a stride of the kernel size. */
    private static final long[] STRIDE_OF_KERNEL = {};

    private Pooling() {}

    static long[] orKernel(long @Nullable [] stride) {
        return stride == null ? STRIDE_OF_KERNEL : stride;
    }

    /** Returns an array with the same size for each dimension. */
    static long[] same(int dims, long size) {
        long[] sizes = new long[dims];
        Arrays.fill(sizes, size);
        return sizes;
    }

    /** Returns the sizes of the last dimensions. A null is replaced by the size of the input. */
    static long[] sizes(Tensor input, @Nullable Number... asked) {
        long[] sizes = new long[asked.length];
        for (int d = 0; d < asked.length; d++) {
            Number size = asked[d];
            sizes[d] = size == null ? input.size(d - asked.length) : size.longValue();
        }
        return sizes;
    }

    /**
     * Returns the norms of windows: their greatest elements if the norm is infinite, otherwise computed from the means of the
     * powers of their elements. The gradient at zero is zero.
     *
     * @param kernelSize the size of the window in each dimension
     * @param greatest the pooling that returns the greatest elements
     * @param mean the pooling that returns the means
     */
    static Tensor norms(
            Tensor input,
            double normType,
            long[] kernelSize,
            UnaryOperator<Tensor> greatest,
            UnaryOperator<Tensor> mean) {
        if (normType == 0) {
            throw new IllegalArgumentException(
                    "norm_type must be a non-zero value, but got " + PythonText.of(normType));
        }
        if (Double.isInfinite(normType)) {
            return normType > 0
                    ? greatest.apply(input.abs())
                    : greatest.apply(input.abs().neg()).neg();
        }
        Tensor means = mean.apply(input.pow(normType));
        long elements = Arrays.stream(kernelSize).reduce(1, (a, b) -> a * b);
        return means.sign().mul(means.abs().relu()).mul(elements).pow(1.0 / normType);
    }
}
