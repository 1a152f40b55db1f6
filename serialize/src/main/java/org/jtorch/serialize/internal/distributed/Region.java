package org.jtorch.serialize.internal.distributed;

import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;

/**
 * The elements that a saved part of a tensor and a wanted part have in common.
 *
 * @param inChunk where they begin in the saved part, for each dimension
 * @param inWanted where they begin in the wanted part
 * @param sizes their shape
 */
record Region(long[] inChunk, long[] inWanted, long[] sizes) {

    /** Returns the common elements, or null if there are none. All offsets must be within the same tensor. */
    static @Nullable Region overlap(FolderIndex.Chunk chunk, long[] offsets, long[] shape) {
        int dims = offsets.length;
        long[] inChunk = new long[dims];
        long[] inWanted = new long[dims];
        long[] sizes = new long[dims];
        for (int i = 0; i < dims; i++) {
            long from = Math.max(chunk.offsets()[i], offsets[i]);
            long to = Math.min(chunk.offsets()[i] + chunk.sizes()[i], offsets[i] + shape[i]);
            if (from >= to) {
                return null;
            }
            inChunk[i] = from - chunk.offsets()[i];
            inWanted[i] = from - offsets[i];
            sizes[i] = to - from;
        }
        return new Region(inChunk, inWanted, sizes);
    }

    /** Returns the elements in the saved part. */
    Tensor of(Tensor chunk) {
        return narrowed(chunk, inChunk);
    }

    /** Returns the elements in the wanted part. */
    Tensor in(Tensor wanted) {
        return narrowed(wanted, inWanted);
    }

    private Tensor narrowed(Tensor tensor, long[] starts) {
        Tensor part = tensor;
        for (int i = 0; i < sizes.length; i++) {
            if (starts[i] != 0 || sizes[i] != part.size(i)) {
                part = part.narrow(i, starts[i], sizes[i]);
            }
        }
        return part;
    }
}
