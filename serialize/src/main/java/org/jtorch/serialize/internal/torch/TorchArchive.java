package org.jtorch.serialize.internal.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jtorch.serialize.internal.zip.ByteSink;
import org.jtorch.serialize.internal.zip.ZipWriter;

/** Writes an archive as PyTorch does: all entries in one folder, and at the end an id of the names and contents. */
public final class TorchArchive {

    /** The name of the folder inside if there is no file. */
    public static final String NAME = "archive";

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final ZipWriter archive;
    private final String folder;
    private long names = FNV_BASIS;
    private long contents = FNV_BASIS;

    /**
     * Creates an archive at the start of {@code channel}.
     *
     * @param name the name of the folder inside
     */
    public TorchArchive(WritableByteChannel channel, String name) {
        this.archive = new ZipWriter(new ByteSink(channel));
        this.folder = name + "/";
    }

    /** Returns PyTorch's name of the folder inside: the file's name without its extension, or {@code archive}. */
    public static String nameFor(Path path) {
        Path fileName = path.getFileName();
        String name = fileName == null ? "" : fileName.toString();
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        boolean plain = stem.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != '\\') && !stem.isEmpty();
        return plain ? stem : NAME;
    }

    /** Writes an entry with the UTF-8 bytes of a text. */
    public void add(String name, String text) throws IOException {
        add(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes an entry with the bytes of one buffer. */
    public void add(String name, ByteBuffer bytes) throws IOException {
        identify(name, archive.add(folder + name, bytes));
    }

    /** Writes an entry of {@code size} bytes, which are read in pieces. */
    public void add(String name, long size, ZipWriter.Content content) throws IOException {
        identify(name, archive.add(folder + name, size, content));
    }

    /** Writes the id, which is the same for the same names and contents, and the end of the archive. */
    public void finish() throws IOException {
        add(".data/serialization_id", String.format(Locale.ROOT, "%020d%020d", names >>> 1, contents >>> 1));
        archive.finish();
    }

    private void identify(String name, int crc) {
        for (int i = 0; i < name.length(); i++) {
            names = (names ^ name.charAt(i)) * FNV_PRIME;
        }
        contents = (contents ^ Integer.toUnsignedLong(crc)) * FNV_PRIME;
    }
}
