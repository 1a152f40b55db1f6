package org.jtorch.serialize;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.pickle.Unpickler;
import org.jtorch.serialize.zip.ZipArchive;
import org.jtorch.serialize.zip.ZipEntry;

/** Reads the zip format of {@code torch.save}. */
final class TorchReader {

    /** Bytes of a pickle: tensors are beside it, so that even a large model's has but some megabytes. */
    private static final int MAX_PICKLE = 1 << 29;

    /** A pickle may be this many times as long as what it was deflated to, and {@link #FREE} bytes more. */
    private static final int MAX_RATIO = 100;

    private static final int FREE = 1 << 20;

    private TorchReader() {}

    /** The value that the archive's pickle describes, its tensors views of {@code file}. */
    static @Nullable Object read(MappedFile file) {
        ZipArchive archive = ZipArchive.read(file);
        String folder = folder(archive);
        ZipEntry pickle = archive.entry(folder + "data.pkl");
        if (pickle == null) {
            throw new CheckpointException("the zip archive has no data.pkl: torch.save did not write it");
        }
        if (archive.entry(folder + "constants.pkl") != null) {
            throw new CheckpointException(
                    "is a TorchScript archive (torch.jit.save), which is not read; in Python, save its"
                            + " state_dict() by torch.save");
        }
        checkVersion(archive, folder);
        checkByteOrder(archive, folder);
        if (pickle.deflated() && pickle.size() / MAX_RATIO > pickle.storedSize() + FREE) {
            throw new CheckpointException("the pickle's " + pickle.storedSize() + " bytes inflate to " + pickle.size()
                    + ", which no checkpoint's do");
        }
        ArchiveStorages storages = new ArchiveStorages(file, archive, folder);
        try {
            return Unpickler.load(archive.bytes(pickle, MAX_PICKLE), new TorchEnvironment(storages));
        } finally {
            storages.close();
        }
    }

    /** The archive's one folder, with its slash: that of the first entry, as PyTorch takes it. */
    private static String folder(ZipArchive archive) {
        if (archive.entries().isEmpty()) {
            throw new CheckpointException("the zip archive is empty");
        }
        String first = archive.entries().keySet().iterator().next();
        return first.substring(0, first.indexOf('/') + 1);
    }

    private static void checkVersion(ZipArchive archive, String folder) {
        String version = text(archive, folder + "version");
        if (version != null && !version.matches("[1-9][0-9]?")) {
            throw new CheckpointException("the archive's format version is '" + version + "', which is not known");
        }
    }

    private static void checkByteOrder(ZipArchive archive, String folder) {
        String order = text(archive, folder + "byteorder");
        if (order != null && !order.equals("little")) {
            throw new CheckpointException("the archive's byte order is '" + order
                    + "'; only little is read: load and save it in Python on a common machine first");
        }
    }

    private static @Nullable String text(ZipArchive archive, String name) {
        ZipEntry entry = archive.entry(name);
        return entry == null ? null : new String(archive.bytes(entry, 64), StandardCharsets.UTF_8).strip();
    }
}
