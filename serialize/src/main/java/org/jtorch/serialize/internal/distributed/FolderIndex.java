package org.jtorch.serialize.internal.distributed;

import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.serialize.python.Tuple;

/**
 * What the file {@code .metadata} of a folder says: which values there are, and where the bytes of each are.
 *
 * @param items the values by their keys, in order
 * @param paths the keys and indices that lead to a value in the nested state, by the same keys; those of values that are not
 *     nested may be absent
 */
public record FolderIndex(Map<String, Item> items, Map<String, Tuple> paths) {

    /** The name of the index in its folder. */
    public static final String NAME = ".metadata";

    /** A value. */
    public sealed interface Item permits Whole, Parts {}

    /** A value that is not a tensor, in one place. */
    public record Whole(Place place) implements Item {}

    /**
     * A tensor.
     *
     * @param shape its shape as a whole
     * @param chunks its parts, at least one if it has elements
     */
    public record Parts(DType dtype, long[] shape, List<Chunk> chunks) implements Item {}

    /**
     * A part of a tensor.
     *
     * @param offsets where it begins in the whole, for each dimension
     * @param sizes its own shape
     */
    public record Chunk(long[] offsets, long[] sizes, Place place) {

        /** Returns whether it has no elements. */
        public boolean isEmpty() {
            for (long size : sizes) {
                if (size == 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * A part of a file, which is itself a file of {@code torch.save}.
     *
     * @param file the path of the file in the folder, with slashes
     */
    public record Place(String file, long offset, long length) {}
}
