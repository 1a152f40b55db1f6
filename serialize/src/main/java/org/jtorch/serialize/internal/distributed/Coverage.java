package org.jtorch.serialize.internal.distributed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;

/** Checks that the parts of a tensor are within it, do not overlap, and are all of it. */
public final class Coverage {

    /** The number of pairs of parts that are compared. The parts of a usual tensor are far fewer. */
    private static final long COMPARED = 1L << 23;

    private Coverage() {}

    /**
     * Checks the parts of a tensor.
     *
     * @throws CheckpointException if they are not the whole tensor, each element once
     */
    public static void check(String key, FolderIndex.Parts tensor, Limits limits) {
        long total = numel(key, tensor, limits);
        long volume = 0;
        List<FolderIndex.Chunk> parts = new ArrayList<>();
        for (FolderIndex.Chunk chunk : tensor.chunks()) {
            checkBounds(key, tensor.shape(), chunk);
            if (!chunk.isEmpty()) {
                parts.add(chunk);
                // each factor is at most that of the whole
                long count = product(chunk.sizes());
                checkBytes(key, tensor.dtype(), count, chunk);
                volume = Math.addExact(volume, count);
            }
        }
        checkOverlaps(key, tensor.shape(), parts);
        if (volume != total) {
            throw new CheckpointException("tensor '" + key + "' of shape " + Arrays.toString(tensor.shape())
                    + " is not complete: its " + parts.size() + (parts.size() == 1 ? " part has " : " parts have ")
                    + volume + " of its " + total
                    + " elements; a process did not save its part, or the index was changed");
        }
    }

    private static long numel(String key, FolderIndex.Parts tensor, Limits limits) {
        long count = 1;
        try {
            for (long size : tensor.shape()) {
                if (size < 0) {
                    throw new CheckpointException(
                            "tensor '" + key + "' has the shape " + Arrays.toString(tensor.shape()));
                }
                count = Math.multiplyExact(count, Math.max(size, 1));
            }
            Math.multiplyExact(count, (long) tensor.dtype().itemSize());
        } catch (ArithmeticException e) {
            count = Long.MAX_VALUE;
        }
        if (count > limits.numel()) {
            throw new CheckpointException("tensor '" + key + "' of shape " + Arrays.toString(tensor.shape())
                    + " has more than " + limits.numel() + " elements");
        }
        return product(tensor.shape());
    }

    /** Returns the number of elements of a shape that was checked. */
    static long product(long[] sizes) {
        long product = 1;
        for (long size : sizes) {
            product *= size;
        }
        return product;
    }

    private static void checkBounds(String key, long[] shape, FolderIndex.Chunk chunk) {
        boolean inside = chunk.offsets().length == shape.length && chunk.sizes().length == shape.length;
        for (int i = 0; inside && i < shape.length; i++) {
            long offset = chunk.offsets()[i];
            long size = chunk.sizes()[i];
            inside = offset >= 0 && size >= 0 && offset <= shape[i] && size <= shape[i] - offset;
        }
        if (!inside) {
            throw new CheckpointException("tensor '" + key + "' of shape " + Arrays.toString(shape) + " has "
                    + shown(chunk) + ", which is outside of it");
        }
    }

    /** A file of few bytes must not describe a large tensor. The parts of tensors are never compressed or expanded. */
    private static void checkBytes(String key, DType dtype, long count, FolderIndex.Chunk chunk) {
        long length = chunk.place().length();
        if (length >= 0 && count > length / dtype.itemSize()) {
            throw new CheckpointException("'" + key + "' in " + chunk.place().file() + ": " + shown(chunk) + " of "
                    + dtype + " would be in " + length + " bytes");
        }
    }

    private static String shown(FolderIndex.Chunk chunk) {
        return "a part of shape " + Arrays.toString(chunk.sizes()) + " at " + Arrays.toString(chunk.offsets());
    }

    /** Compares each part with those that are beside it along the longest dimension. */
    private static void checkOverlaps(String key, long[] shape, List<FolderIndex.Chunk> parts) {
        if (shape.length == 0 && parts.size() > 1) {
            throw new CheckpointException("tensor '" + key + "' without dimensions has " + parts.size() + " parts");
        }
        int longest = 0;
        for (int i = 1; i < shape.length; i++) {
            longest = shape[i] > shape[longest] ? i : longest;
        }
        int dim = longest;
        List<FolderIndex.Chunk> ordered = new ArrayList<>(parts);
        if (ordered.size() > 1) {
            ordered.sort(Comparator.comparingLong(chunk -> chunk.offsets()[dim]));
        }
        List<FolderIndex.Chunk> open = new ArrayList<>();
        long compared = 0;
        for (FolderIndex.Chunk chunk : ordered) {
            if (ordered.size() > 1) {
                open.removeIf(other -> other.offsets()[dim] + other.sizes()[dim] <= chunk.offsets()[dim]);
            }
            compared += open.size();
            if (compared > COMPARED) {
                throw new CheckpointException(
                        "tensor '" + key + "' has " + parts.size() + " parts, more than any checkpoint");
            }
            for (FolderIndex.Chunk other : open) {
                if (overlap(chunk, other)) {
                    throw new CheckpointException(
                            "tensor '" + key + "' has " + shown(other) + " and " + shown(chunk) + ", which overlap");
                }
            }
            open.add(chunk);
        }
    }

    private static boolean overlap(FolderIndex.Chunk one, FolderIndex.Chunk other) {
        for (int i = 0; i < one.offsets().length; i++) {
            if (one.offsets()[i] >= other.offsets()[i] + other.sizes()[i]
                    || other.offsets()[i] >= one.offsets()[i] + one.sizes()[i]) {
                return false;
            }
        }
        return true;
    }
}
