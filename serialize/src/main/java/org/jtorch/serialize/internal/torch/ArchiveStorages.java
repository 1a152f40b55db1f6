package org.jtorch.serialize.internal.torch;

import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.file.Inflation;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.StorageCopies;
import org.jtorch.serialize.internal.stored.StorageSource;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/** The storages of an archive, such as {@code NAME/data/KEY}: parts of the mapping if they are stored, otherwise inflated copies. */
public final class ArchiveStorages implements StorageSource {

    private final MappedFile file;
    private final ZipArchive archive;
    private final String folder;
    private final boolean bigEndian;
    private long inflatable;

    /**
     * Creates storages that were not read yet.
     *
     * @param folder the folder of the storages in the archive, with a slash at its end
     */
    public ArchiveStorages(MappedFile file, ZipArchive archive, String folder, boolean bigEndian, Limits limits) {
        this.file = file;
        this.archive = archive;
        this.folder = folder;
        this.bigEndian = bigEndian;
        this.inflatable = Inflation.allowed(limits, file.size());
    }

    @Override
    public boolean isBigEndian() {
        return bigEndian;
    }

    /** Returns the number of bytes of the storage with this key. */
    public long nbytes(String key) {
        return entry(key).size();
    }

    private ZipEntry entry(FileStorage storage) {
        return entry(storage.key());
    }

    private ZipEntry entry(String key) {
        ZipEntry entry = archive.entry(folder + key);
        if (entry == null) {
            throw new CheckpointException(
                    "the storage " + key + " is missing: the archive has no entry '" + folder + key + "'");
        }
        return entry;
    }

    @Override
    public void check(FileStorage storage) {
        ZipEntry entry = entry(storage);
        if (entry.size() < storage.nbytes()) {
            throw new CheckpointException("the storage " + storage.key() + " should have " + storage.nbytes()
                    + " bytes, but its entry in the archive has " + entry.size());
        }
        if (entry.deflated()) {
            inflatable -= entry.size();
            if (inflatable < 0) {
                throw Inflation.refused("the archive's storages");
            }
        }
    }

    @Override
    public UntypedStorage open(FileStorage storage, DType dtype, boolean mapped) {
        ZipEntry entry = entry(storage);
        UntypedStorage bytes = bytes(entry, storage.nbytes(), mapped && !bigEndian);
        if (bigEndian) {
            StorageCopies.swap(bytes, dtype);
        }
        return bytes;
    }

    @Override
    public boolean verify(FileStorage storage) {
        ZipEntry entry = entry(storage);
        // inflated bytes are always checked
        return entry.deflated() ? entry.crc() != 0 : archive.check(entry, (offset, length) -> {});
    }

    private UntypedStorage bytes(ZipEntry entry, long nbytes, boolean mapped) {
        if (entry.deflated()) {
            UntypedStorage inflated = UntypedStorage.allocate(entry.size());
            archive.inflateTo(entry, (at, length) -> LentBytes.of(inflated, at, length));
            if (entry.size() == nbytes) {
                return inflated;
            }
            try (inflated) {
                return inflated.slice(0, nbytes);
            }
        }
        long offset = archive.dataOffset(entry);
        // the address of a number must be a multiple of its size
        if (mapped && offset % Long.BYTES == 0) {
            return file.slice(offset, nbytes);
        }
        return file.copy(offset, nbytes);
    }
}
