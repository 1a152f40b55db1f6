package org.jtorch.serialize.internal.torch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.Inflation;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/** The files next to one that is being read, by their names without a folder. */
public interface Siblings {

    /**
     * Opens a file.
     *
     * @throws CheckpointException if there is no file with that name
     */
    MappedFile open(String name);

    /** Returns the files in the folder of {@code path}. */
    static Siblings of(Path path, MappedFile.Choice choice) {
        return name -> MappedFile.open(path.resolveSibling(name), choice);
    }

    /** Returns an object without files, for a checkpoint that is read from a stream. */
    static Siblings none() {
        return name -> {
            throw new CheckpointException(
                    "a sharded checkpoint can only be read from a file: load it with the path of its index");
        };
    }

    /** Returns the files in an archive, in the folder of its entry {@code first}. */
    static Siblings in(MappedFile file, ZipArchive archive, String first, Reading reading) {
        String folder = first.substring(0, first.lastIndexOf('/') + 1);
        long[] left = {Inflation.allowed(reading.limits(), file.size())};
        return name -> {
            @Nullable ZipEntry entry = archive.entry(folder + name);
            if (entry == null) {
                throw new CheckpointException("the archive has no entry '" + folder + name + "'");
            }
            if (!entry.deflated()) {
                return MappedFile.of(file.slice(archive.dataOffset(entry), entry.size()));
            }
            left[0] -= entry.size();
            if (left[0] < 0) {
                throw Inflation.refused("the archive's entries");
            }
            UntypedStorage inflated = UntypedStorage.allocate(entry.size());
            archive.inflateTo(entry, (at, length) -> LentBytes.of(inflated, at, length));
            return MappedFile.of(inflated);
        };
    }
}
