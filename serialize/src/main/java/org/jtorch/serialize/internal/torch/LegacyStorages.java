package org.jtorch.serialize.internal.torch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.StorageCopies;
import org.jtorch.serialize.internal.stored.StorageSource;

/** The storages of the old format, which follow the pickles. */
public final class LegacyStorages implements StorageSource {

    private final MappedFile file;
    private final Map<String, Long> offsets = new HashMap<>();

    LegacyStorages(MappedFile file) {
        this.file = file;
    }

    /** The positions, which are not known before {@link #locate}. */
    @Override
    public void check(FileStorage storage) {}

    /**
     * Finds the storages of {@code keys}, in this order from byte {@code start} on.
     *
     * @throws CheckpointException if one is missing, is not named, or has another size than in the pickle
     */
    void locate(List<?> keys, TorchEnvironment names, long start) {
        long at = start;
        for (Object key : keys) {
            FileStorage storage = names.storages().get(String.valueOf(key));
            if (!(key instanceof String || key instanceof Long) || storage == null) {
                throw new CheckpointException("the file has a storage that no tensor refers to");
            }
            if (at > file.size() - Long.BYTES) {
                throw cut(storage, at);
            }
            long numel = file.at(at, Long.BYTES).getLong();
            at += Long.BYTES;
            int itemSize = names.itemSize(storage);
            if (numel != storage.nbytes() / itemSize) {
                throw new CheckpointException("the storage " + storage.key() + " should have "
                        + storage.nbytes() / itemSize + " elements, but has " + numel);
            }
            if (storage.nbytes() > file.size() - at) {
                throw cut(storage, at);
            }
            if (offsets.put(storage.key(), at) != null) {
                throw new CheckpointException("the file has the storage " + storage.key() + " twice");
            }
            at += storage.nbytes();
        }
        for (String key : names.storages().keySet()) {
            if (!offsets.containsKey(key)) {
                throw new CheckpointException("the storage " + key + " is missing");
            }
        }
    }

    private CheckpointException cut(FileStorage storage, long at) {
        return new CheckpointException("the file is truncated: the storage " + storage.key() + " of " + storage.nbytes()
                + " bytes would begin at byte " + at + " of " + file.size());
    }

    @Override
    public UntypedStorage open(FileStorage storage, DType dtype, boolean mapped) {
        Long offset = offsets.get(storage.key());
        if (offset == null) {
            throw new CheckpointException("the storage " + storage.key() + " is missing");
        }
        int alignment = StorageCopies.numberSize(dtype);
        return mapped && offset % alignment == 0
                ? file.slice(offset, storage.nbytes())
                : file.copy(offset, storage.nbytes());
    }
}
