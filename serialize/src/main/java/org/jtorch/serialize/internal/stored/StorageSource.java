package org.jtorch.serialize.internal.stored;

import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.format.CheckpointException;

/** Where a file keeps its storages. */
public interface StorageSource {

    /**
     * Checks that the storage is there, as far as is known when a pickle names it.
     *
     * @throws CheckpointException if there is none, or it has fewer bytes
     */
    void check(FileStorage storage);

    /**
     * The storage's bytes, a hold of the caller's own on them.
     *
     * @param dtype what its elements are
     * @param mapped whether they may be the file's own
     */
    UntypedStorage open(FileStorage storage, DType dtype, boolean mapped);

    /**
     * Reads the storage's bytes and compares them with their checksum.
     *
     * @return whether the file has one
     * @throws CheckpointException if they differ
     */
    default boolean verify(FileStorage storage) {
        return false;
    }

    /** Whether numbers begin with their highest byte, so that {@link #open} swaps those of its dtype. */
    default boolean isBigEndian() {
        return false;
    }
}
