package org.jtorch.serialize.internal.torch;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.pickle.Unpickler;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/** Reads the zip format of {@code torch.save}, and what {@code torch.jit.save} adds to it. */
public final class TorchReader {

    /** The size to which a pickle may inflate in any case; beyond that, {@link Limits#inflationRatio} applies. */
    private static final int FREE = 1 << 20;

    private final ZipArchive archive;
    private final String folder;
    private final Reading reading;

    private TorchReader(ZipArchive archive, String folder, Reading reading) {
        this.archive = archive;
        this.folder = folder;
        this.reading = reading;
    }

    /** Returns the contents of the archive's pickle, or null if it has none. */
    public static @Nullable Contents read(MappedFile file, ZipArchive archive, Reading reading) {
        String folder = folder(archive);
        ZipEntry pickle = archive.entry(folder + "data.pkl");
        return pickle == null ? null : new TorchReader(archive, folder, reading).read(file, pickle);
    }

    /**
     * Checks that each tensor of a TorchScript archive, also of those that its code names as constants, is inside of its
     * storage, and each storage inside of the file.
     *
     * @throws CheckpointException if that is not so, or the archive is damaged in another way
     */
    public static void checkScript(MappedFile file, ZipArchive archive, Reading reading) {
        String folder = folder(archive);
        read(file, archive, reading);
        ZipEntry constants = archive.entry(folder + "constants.pkl");
        if (constants != null) {
            TorchReader reader = new TorchReader(archive, folder, reading);
            ArchiveStorages storages =
                    new ArchiveStorages(file, archive, folder + "constants/", reader.isBigEndian(), reading.limits());
            byte[] bytes = reader.bytes(constants);
            TorchEnvironment names = new TorchEnvironment(storages, reading, bytes.length);
            Unpickler.load(bytes, new ScriptEnvironment(names), reading.limits());
        }
    }

    private Contents read(MappedFile file, ZipEntry pickle) {
        boolean script = archive.entry(folder + "constants.pkl") != null;
        checkVersion();
        ArchiveStorages storages =
                new ArchiveStorages(file, archive, folder + "data/", isBigEndian(), reading.limits());
        byte[] bytes = bytes(pickle);
        TorchEnvironment names = new TorchEnvironment(storages, reading, bytes.length);
        if (script) {
            Object module = Unpickler.load(bytes, new ScriptEnvironment(names), reading.limits());
            return new Contents(
                    CheckpointFormat.TORCHSCRIPT,
                    ScriptState.of(module, new ScriptClasses(this::source)),
                    Map.of(),
                    Set.of());
        }
        Object root = Unpickler.load(bytes, names, reading.limits());
        return new Contents(CheckpointFormat.TORCH, root, Map.of(), names.unknown());
    }

    /** Returns an entry's bytes, whose number is limited by that of the stored bytes. */
    private byte[] bytes(ZipEntry entry) {
        if (entry.deflated() && entry.size() / reading.limits().inflationRatio() > entry.storedSize() + FREE) {
            throw new CheckpointException("the pickle's " + entry.storedSize() + " bytes inflate to " + entry.size()
                    + ", which is more than the pickle of any checkpoint");
        }
        return archive.bytes(entry, reading.limits().pickleBytes());
    }

    /** Returns the source text of TorchScript's classes in {@code path}, or null. */
    private @Nullable String source(String path) {
        ZipEntry entry = archive.entry(folder + "code/" + path + ".py");
        return entry == null ? null : new String(bytes(entry), StandardCharsets.UTF_8);
    }

    /** Returns the archive's only folder, with its slash. As in PyTorch, this is the folder of the first entry. */
    private static String folder(ZipArchive archive) {
        if (archive.entries().isEmpty()) {
            throw new CheckpointException("the zip archive is empty");
        }
        String first = archive.firstFile();
        return first == null ? "" : first.substring(0, first.indexOf('/') + 1);
    }

    private void checkVersion() {
        String version = text("version");
        if (version != null && !version.matches("[1-9][0-9]?")) {
            throw new CheckpointException(
                    "the archive's format version is '" + version + "', which jtorch does not know");
        }
    }

    private boolean isBigEndian() {
        String order = text("byteorder");
        if (order == null || order.equals("little")) {
            return false;
        }
        if (order.equals("big")) {
            return true;
        }
        throw new CheckpointException("the archive's byte order is '" + order + "', but must be little or big");
    }

    private @Nullable String text(String name) {
        ZipEntry entry = archive.entry(folder + name);
        return entry == null ? null : new String(archive.bytes(entry, 64), StandardCharsets.UTF_8).strip();
    }
}
