package org.jtorch.nn.pooling;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * The output size of an adaptive pooling: one number for all spatial dimensions or one for each. Null stands for the size of
 * the input.
 */
final class OutputSize {

    private final int dims;
    private final @Nullable Number[] sizes;

    OutputSize(int dims, @Nullable Number... sizes) {
        if (sizes.length != 1 && sizes.length != dims) {
            throw new IllegalArgumentException("output_size has " + sizes.length + " values " + Arrays.toString(sizes)
                    + ": give one for all " + dims + " spatial dimensions, or " + dims);
        }
        this.dims = dims;
        this.sizes = sizes.clone();
    }

    /** Returns other sizes for the same number of dimensions. */
    OutputSize with(@Nullable Number... newSizes) {
        return new OutputSize(dims, newSizes);
    }

    /** Returns the sizes as they were given. */
    List<@Nullable Number> given() {
        return Collections.unmodifiableList(Arrays.asList(sizes));
    }

    /** Returns the sizes for an input. */
    long[] of(Tensor x) {
        long[] result = new long[dims];
        for (int i = 0; i < dims; i++) {
            Number size = sizes[sizes.length == 1 ? 0 : i];
            result[i] = size == null ? x.size(i - dims) : size.longValue();
        }
        return result;
    }

    /** Returns the arguments as PyTorch's {@code repr} shows them. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Number size : sizes) {
            out.append(out.isEmpty() ? "" : ", ").append(size == null ? "None" : size.toString());
        }
        return "output_size=" + (sizes.length == 1 ? out : "(" + out + ")");
    }
}
