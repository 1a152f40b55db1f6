package org.jtorch.serialize;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.zip.ZipArchive;
import org.jtorch.serialize.zip.ZipEntry;

/** The storages of an archive, {@code NAME/data/KEY}: pieces of the mapping where they are stored as they are, else inflated. */
final class ArchiveStorages implements StorageSource {

    private final MappedFile file;
    private final ZipArchive archive;
    private final String folder;
    private final Map<String, UntypedStorage> storages = new HashMap<>();

    /**
     * Storages not looked at yet.
     *
     * @param folder the archive's name with its slash
     */
    ArchiveStorages(MappedFile file, ZipArchive archive, String folder) {
        this.file = file;
        this.archive = archive;
        this.folder = folder + "data/";
    }

    @Override
    public UntypedStorage storage(String key, @Nullable DType dtype, long nbytes) {
        UntypedStorage known = storages.get(key);
        if (known != null) {
            if (known.nbytes() != nbytes) {
                throw new CheckpointException("the storage " + key + " has " + known.nbytes()
                        + " bytes in one place and " + nbytes + " in another");
            }
            return known;
        }
        ZipEntry entry = archive.entry(folder + key);
        if (entry == null) {
            throw new CheckpointException(
                    "the storage " + key + " is missing: the archive has no entry '" + folder + key + "'");
        }
        if (entry.size() < nbytes) {
            throw new CheckpointException("the storage " + key + " should have " + nbytes
                    + " bytes, but its entry in the archive has " + entry.size());
        }
        UntypedStorage storage = open(entry, nbytes, dtype);
        storages.put(key, storage);
        return storage;
    }

    private UntypedStorage open(ZipEntry entry, long nbytes, @Nullable DType dtype) {
        if (entry.deflated()) {
            UntypedStorage inflated = UntypedStorage.allocate(entry.size());
            archive.inflateTo(entry, inflated::buffer);
            return entry.size() == nbytes ? inflated : inflated.slice(0, nbytes);
        }
        long offset = archive.dataOffset(entry);
        // an element must stand at a multiple of its size; a complex one is two numbers
        int alignment = dtype == null ? Long.BYTES : Math.min(dtype.itemSize(), Long.BYTES);
        if (offset % alignment == 0) {
            return file.slice(offset, nbytes);
        }
        return StorageCopies.copy(file, offset, nbytes);
    }

    /** Ends this object's hold on the storages; tensors over them go on. */
    void close() {
        storages.values().forEach(UntypedStorage::close);
    }
}
