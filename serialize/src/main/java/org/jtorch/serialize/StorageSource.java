package org.jtorch.serialize;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;

/** Where a file keeps its storages. */
interface StorageSource {

    /**
     * The storage called {@code key}; the same object each time.
     *
     * @param dtype what its elements are, or null where the file leaves that to the tensors
     * @param nbytes how many bytes of it the tensors may use
     * @throws CheckpointException where there is none, or it has fewer bytes
     */
    UntypedStorage storage(String key, @Nullable DType dtype, long nbytes);
}
