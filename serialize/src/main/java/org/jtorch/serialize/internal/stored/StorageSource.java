package org.jtorch.serialize.internal.stored;

import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.format.CheckpointException;

/** The storages of a file. */
public interface StorageSource {

    /**
     * Checks that the storage exists, as far as this is known when a pickle names it.
     *
     * @throws CheckpointException if it does not exist, or has fewer bytes
     */
    void check(FileStorage storage);

    /**
     * Returns the storage's bytes, which the caller must close.
     *
     * @param dtype the type of its elements
     * @param mapped whether they may be those of the file
     */
    UntypedStorage open(FileStorage storage, DType dtype, boolean mapped);

    /**
     * Reads the storage's bytes and compares them with their checksum.
     *
     * @return whether the file has a checksum
     * @throws CheckpointException if they differ
     */
    default boolean verify(FileStorage storage) {
        return false;
    }

    /**
     * Returns whether numbers begin with their highest byte. {@link #open} then swaps the bytes of the numbers of its
     * dtype.
     */
    default boolean isBigEndian() {
        return false;
    }
}
