package org.jtorch.nn.pooling;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/** The size that an adaptive pooling is to give: one for all spatial dimensions or one for each, null for the input's. */
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

    /** Other sizes for as many dimensions. */
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

    /** As in PyTorch's {@code repr}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Number size : sizes) {
            out.append(out.isEmpty() ? "" : ", ").append(size == null ? "None" : size.toString());
        }
        return "output_size=" + (sizes.length == 1 ? out : "(" + out + ")");
    }
}
