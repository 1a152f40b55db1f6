package org.jtorch.distributed.checkpoint;

import org.jtorch.Size;
import org.jtorch.Tensor;

/**
 * The part of a tensor that this process has. In a state that is saved or loaded, it stands for the whole tensor, whose other
 * parts are in other processes.
 *
 * @param tensor the part
 * @param offsets where it begins in the whole, for each dimension
 * @param shape the shape of the whole
 */
public record Shard(Tensor tensor, Size offsets, Size shape) {

    /**
     * Creates a part.
     *
     * @throws IllegalArgumentException if the part is not within the whole
     */
    public Shard {
        boolean inside = offsets.dim() == shape.dim() && tensor.dim() == shape.dim();
        for (int i = 0; inside && i < shape.dim(); i++) {
            inside = offsets.get(i) >= 0
                    && offsets.get(i) <= shape.get(i)
                    && tensor.size(i) <= shape.get(i) - offsets.get(i);
        }
        if (!inside) {
            throw new IllegalArgumentException("a part of shape " + Size.of(tensor.shape()) + " at " + offsets
                    + " is not within a tensor of shape " + shape);
        }
    }

    /**
     * Returns some rows of a tensor: a part along its first dimension.
     *
     * @param tensor the rows of this process, of shape {@code (n, ...)}; it may have none
     * @param first the index of the first of them in the whole
     * @param rows the number of rows of the whole
     * @throws IllegalArgumentException if the rows are not within the whole
     */
    public static Shard ofRows(Tensor tensor, long first, long rows) {
        long[] shape = tensor.shape();
        if (shape.length == 0) {
            throw new IllegalArgumentException("a tensor without dimensions has no rows");
        }
        long[] offsets = new long[shape.length];
        offsets[0] = first;
        shape[0] = rows;
        return new Shard(tensor, Size.of(offsets), Size.of(shape));
    }
}
