package org.jtorch.serialize.internal.stored;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;

/** Checks that a tensor is within its storage. */
public final class Bounds {

    private static final int MAX_DIMENSIONS = 64;

    private Bounds() {}

    /**
     * Checks the description of a strided tensor.
     *
     * @param storage its storage, for messages; null if it has none
     * @param numel the number of elements of the storage
     * @throws CheckpointException if a size or stride is negative, or an element is outside of the storage, or there are more
     *     elements than the limits allow
     */
    public static void check(
            @Nullable FileStorage storage,
            long numel,
            DType dtype,
            long offset,
            long[] size,
            long[] stride,
            Limits limits) {
        String wrong = wrong(numel, dtype, offset, size, stride, limits);
        if (wrong != null) {
            String where = storage == null ? "" : " at element " + offset + " of " + storage;
            throw new CheckpointException("a tensor of " + dtype + where + " with shape " + shown(size)
                    + " and strides " + shown(stride) + " " + wrong);
        }
    }

    private static @Nullable String wrong(
            long numel, DType dtype, long offset, long[] size, long[] stride, Limits limits) {
        if (size.length != stride.length || size.length > MAX_DIMENSIONS) {
            return "has " + size.length + " sizes and " + stride.length + " strides";
        }
        boolean empty = false;
        long last = offset;
        try {
            long count = 1;
            for (int i = 0; i < size.length; i++) {
                if (size[i] < 0 || stride[i] < 0) {
                    return "has a negative size or stride";
                }
                empty |= size[i] == 0;
                count = Math.multiplyExact(count, Math.max(size[i], 1));
                last = Math.addExact(last, Math.multiplyExact(Math.max(size[i] - 1, 0), stride[i]));
            }
            if (count > limits.numel() || count > Long.MAX_VALUE / dtype.itemSize()) {
                return "has more than " + limits.numel() + " elements";
            }
        } catch (ArithmeticException e) {
            return "has more elements than can be counted";
        }
        return offset < 0 || (empty ? offset > numel : last >= numel)
                ? "exceeds its storage of " + numel + " elements"
                : null;
    }

    private static String shown(long[] values) {
        return values.length <= MAX_DIMENSIONS ? Arrays.toString(values) : "[" + values.length + " values]";
    }
}
