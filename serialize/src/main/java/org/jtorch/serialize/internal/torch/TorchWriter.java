package org.jtorch.serialize.internal.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.internal.zip.ByteSink;
import org.jtorch.serialize.internal.zip.ZipWriter;

/** Writes the zip format of {@code torch.save}: the pickle, PyTorch's records about the archive, then each storage once. */
public final class TorchWriter {

    private final ZipWriter archive;
    private final String folder;
    private long names = FNV_BASIS;
    private long contents = FNV_BASIS;

    private TorchWriter(ZipWriter archive, String folder) {
        this.archive = archive;
        this.folder = folder;
    }

    /** Returns PyTorch's name of the folder inside: the file's name without its extension, or {@code archive}. */
    public static String archiveName(Path path) {
        Path fileName = path.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        boolean plain = stem.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != '\\') && !stem.isEmpty();
        return plain ? stem : "archive";
    }

    /** Writes {@code value} to an archive called {@code name}. */
    public static void write(WritableByteChannel channel, String name, @Nullable Object value) throws IOException {
        try (TensorPickling tensors = new TensorPickling()) {
            ByteBuffer pickle = tensors.pickle(value);
            List<Stored> storages = new ArrayList<>();
            for (UntypedStorage storage : tensors.storages()) {
                storages.add(new Stored(storage.nbytes(), (offset, length) -> LentBytes.of(storage, offset, length)));
            }
            write(channel, name, pickle, storages);
        }
    }

    /**
     * The bytes of a storage.
     *
     * @param content returns them in pieces, from the first to the last
     */
    public record Stored(long nbytes, ZipWriter.Content content) {}

    /** Writes a pickle and its storages, whose keys are 0, 1, … */
    public static void write(WritableByteChannel channel, String name, ByteBuffer pickle, List<Stored> storages)
            throws IOException {
        new TorchWriter(new ZipWriter(new ByteSink(channel)), name + "/").write(pickle, storages);
    }

    private void write(ByteBuffer pickle, List<Stored> storages) throws IOException {
        add("data.pkl", pickle);
        add(".format_version", "1");
        add(".storage_alignment", String.valueOf(ZipWriter.ALIGNMENT));
        add("byteorder", "little");
        for (int i = 0; i < storages.size(); i++) {
            Stored storage = storages.get(i);
            String name = "data/" + i;
            identify(name, archive.add(folder + name, storage.nbytes, storage.content));
        }
        add("version", "3\n");
        add(".data/serialization_id", String.format(Locale.ROOT, "%020d%020d", names >>> 1, contents >>> 1));
        archive.finish();
    }

    private void add(String name, String text) throws IOException {
        add(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private void add(String name, ByteBuffer bytes) throws IOException {
        identify(name, archive.add(folder + name, bytes));
    }

    // --- the id: the same for the same names and contents -------------------------------------------------------

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private void identify(String name, int crc) {
        for (int i = 0; i < name.length(); i++) {
            names = (names ^ name.charAt(i)) * FNV_PRIME;
        }
        contents = (contents ^ Integer.toUnsignedLong(crc)) * FNV_PRIME;
    }
}
