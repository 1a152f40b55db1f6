package org.jtorch.serialize.internal.zip;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;

/**
 * The entries of an archive, and the positions of their bytes. Every offset and size in the file is checked against the
 * available bytes before it is used, and entries must not overlap. Therefore the only growth is that of inflating the file.
 */
public final class ZipArchive {

    /** An absolute path, or one that leads to a parent folder. */
    private static final Pattern OUTSIDE = Pattern.compile("^[/\\\\]|(^|[/\\\\])\\.\\.([/\\\\]|$)");

    /** Entries that macOS adds for itself. */
    private static final Pattern MACOS = Pattern.compile("^__MACOSX/|(^|/)\\.DS_Store$|(^|/)\\._[^/]*$");

    private static final String SEVERAL = "contains several zip archives one after the other, as the *.distcp files of"
            + " torch.distributed.checkpoint do: load their folder";

    private final ByteSource source;
    private final long directoryOffset;
    private final Map<String, ZipEntry> entries;

    private ZipArchive(ByteSource source, long directoryOffset, Map<String, ZipEntry> entries) {
        this.source = source;
        this.directoryOffset = directoryOffset;
        this.entries = entries;
    }

    /**
     * Reads the central directory.
     *
     * @throws CheckpointException if {@code source} is not a complete zip archive
     */
    public static ZipArchive read(ByteSource source) {
        Directory directory = findDirectory(source);
        Map<String, ZipEntry> entries = readEntries(source, directory);
        checkOverlaps(entries, directory.offset);
        return new ZipArchive(source, directory.offset, entries);
    }

    /** Returns the entries by name, in the order of the directory. */
    public Map<String, ZipEntry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /** Returns the entry with the given name, or null. */
    public @Nullable ZipEntry entry(String name) {
        return entries.get(name);
    }

    /** Returns the names of the files, in the order of the directory, without folders and the entries of macOS. */
    public List<String> files() {
        return entries.keySet().stream().filter(ZipArchive::isFile).toList();
    }

    /** Returns the first of {@link #files} without reading all of them, or null if there is none. */
    public @Nullable String firstFile() {
        return entries.keySet().stream().filter(ZipArchive::isFile).findFirst().orElse(null);
    }

    private static boolean isFile(String name) {
        return !name.endsWith("/") && !MACOS.matcher(name).find();
    }

    // --- the directory -----------------------------------------------------------------------------------------

    private record Directory(long offset, long size, long count) {}

    private static Directory findDirectory(ByteSource source) {
        long size = source.size();
        int tail = (int) Math.min(size, ZipFormat.END_SIZE + ZipFormat.MAX16);
        long tailOffset = size - tail;
        ByteBuffer bytes = source.at(tailOffset, tail);
        for (int at = tail - ZipFormat.END_SIZE; at >= 0; at--) {
            if (bytes.getInt(at) == ZipFormat.END && at + ZipFormat.END_SIZE + u16(bytes, at + 20) == tail) {
                return directory(source, bytes, at, tailOffset + at);
            }
        }
        // bytes after the archive, which PyTorch also ignores
        for (int at = tail - ZipFormat.END_SIZE; at >= 0; at--) {
            if (bytes.getInt(at) == ZipFormat.END && isEnd(source, bytes, at, tailOffset + at)) {
                int next = at + ZipFormat.END_SIZE + u16(bytes, at + 20);
                if (next <= tail - Integer.BYTES && bytes.getInt(next) == ZipFormat.LOCAL_HEADER) {
                    throw new CheckpointException(SEVERAL);
                }
                return directory(source, bytes, at, tailOffset + at);
            }
        }
        if (size < Integer.BYTES || source.at(0, Integer.BYTES).getInt(0) != ZipFormat.LOCAL_HEADER) {
            throw new CheckpointException(
                    "the file is no zip archive, as torch.save and torch.export.save write: give the"
                            + " path of such a file");
        }
        throw new CheckpointException("the file is truncated: it is a zip archive whose end is missing (or more than "
                + ZipFormat.MAX16 + " bytes were written after it); copy or download it again");
    }

    /** Returns whether an apparent end record among other bytes has a directory before it. */
    private static boolean isEnd(ByteSource source, ByteBuffer bytes, int at, long position) {
        long size = u32(bytes, at + 12);
        long offset = u32(bytes, at + 16);
        return offset == ZipFormat.MAX32
                || (size >= ZipFormat.CENTRAL_HEADER_SIZE
                        && offset <= position - size
                        && source.at(offset, Integer.BYTES).getInt() == ZipFormat.CENTRAL_HEADER);
    }

    private static Directory directory(ByteSource source, ByteBuffer bytes, int at, long end) {
        if (bytes.getShort(at + 4) != 0 || bytes.getShort(at + 6) != 0) {
            throw new CheckpointException("the zip archive is split into several files: join them first");
        }
        long count = u16(bytes, at + 10);
        long size = u32(bytes, at + 12);
        long offset = u32(bytes, at + 16);
        long limit = end;
        long locatorOffset = end - ZipFormat.END64_LOCATOR_SIZE;
        if (locatorOffset >= 0) {
            ByteBuffer locator = source.at(locatorOffset, ZipFormat.END64_LOCATOR_SIZE);
            if (locator.getInt(0) == ZipFormat.END64_LOCATOR) {
                limit = locator.getLong(8);
                if (limit < 0 || limit > locatorOffset - ZipFormat.END64_SIZE) {
                    throw new CheckpointException("the zip archive's zip64 end record would be at byte " + limit
                            + ", but the file has " + source.size());
                }
                if (isBehindAnother(source, locatorOffset - ZipFormat.END64_SIZE, ZipFormat.END64, limit)) {
                    throw new CheckpointException(SEVERAL);
                }
                ByteBuffer end64 = source.at(limit, ZipFormat.END64_SIZE);
                if (end64.getInt(0) != ZipFormat.END64) {
                    throw new CheckpointException("the zip archive has no zip64 end record at byte " + limit);
                }
                count = wide(end64.getLong(32), count, ZipFormat.MAX16, "number of entries");
                size = wide(end64.getLong(40), size, ZipFormat.MAX32, "directory's size");
                offset = wide(end64.getLong(48), offset, ZipFormat.MAX32, "directory's offset");
            }
        }
        if (offset < 0 || size < 0 || offset > limit || size > limit - offset) {
            throw new CheckpointException("the zip archive's directory would take " + size + " bytes at byte " + offset
                    + ", but only " + limit + " bytes are before its end record");
        }
        if (size >= ZipFormat.CENTRAL_HEADER_SIZE
                && isBehindAnother(source, limit - size, ZipFormat.CENTRAL_HEADER, offset)) {
            throw new CheckpointException(SEVERAL);
        }
        if (count < 0 || count > size / ZipFormat.CENTRAL_HEADER_SIZE) {
            throw new CheckpointException(
                    "the zip archive claims " + count + " entries in a directory of " + size + " bytes");
        }
        if (size > Integer.MAX_VALUE) {
            throw new CheckpointException(
                    "the zip archive's directory takes " + size + " bytes; at most 2 GiB are read");
        }
        return new Directory(offset, size, count);
    }

    /**
     * Returns whether the archive's offsets are relative to a position within the file: the end of another archive.
     *
     * @param place the position where a record with {@code signature} should be
     * @param stated the position of the record according to the archive
     */
    private static boolean isBehindAnother(ByteSource source, long place, int signature, long stated) {
        long start = place - stated;
        return start > 0
                && source.at(place, Integer.BYTES).getInt() == signature
                && source.at(start, Integer.BYTES).getInt() == ZipFormat.LOCAL_HEADER;
    }

    /** Returns the zip64 value. The narrow value must be the same, or be the mark that it is too narrow. */
    private static long wide(long value, long narrow, long tooNarrow, String what) {
        if (narrow != tooNarrow && narrow != value) {
            throw new CheckpointException(
                    "the zip archive's two end records disagree on the " + what + ": " + narrow + " and " + value);
        }
        return value;
    }

    private static Map<String, ZipEntry> readEntries(ByteSource source, Directory directory) {
        int size = (int) directory.size;
        ByteBuffer bytes = source.at(directory.offset, size);
        Map<String, ZipEntry> entries = new LinkedHashMap<>((int) Math.min(directory.count * 2, 1 << 20));
        int at = 0;
        for (long i = 0; i < directory.count; i++) {
            if (at > size - ZipFormat.CENTRAL_HEADER_SIZE || bytes.getInt(at) != ZipFormat.CENTRAL_HEADER) {
                throw new CheckpointException(
                        "the zip archive's directory is damaged at its entry " + i + " of " + directory.count);
            }
            int nameLength = u16(bytes, at + 28);
            int extraLength = u16(bytes, at + 30);
            int commentLength = u16(bytes, at + 32);
            int next = at + ZipFormat.CENTRAL_HEADER_SIZE + nameLength + extraLength + commentLength;
            if (next > size) {
                throw new CheckpointException("the zip archive's directory is truncated at its entry " + i);
            }
            byte[] name = new byte[nameLength];
            bytes.get(at + ZipFormat.CENTRAL_HEADER_SIZE, name);
            ZipEntry entry = entry(bytes, at, checkedName(name), extraLength);
            if (entries.put(entry.name(), entry) != null) {
                throw new CheckpointException("the zip archive has two entries called '" + entry.name() + "'");
            }
            at = next;
        }
        return entries;
    }

    /** Returns an entry's name. Names are never used as paths here, but a name that leads out of the folder is an attack. */
    private static String checkedName(byte[] bytes) {
        String name = new String(bytes, StandardCharsets.UTF_8);
        // the first test is much cheaper than the second, and nearly every name passes it
        boolean mayLeadOut = name.startsWith("/") || name.startsWith("\\") || name.contains("..");
        if (mayLeadOut && OUTSIDE.matcher(name).find()) {
            throw new CheckpointException("the zip archive has an entry '"
                    + name.substring(0, Math.min(60, name.length())).replaceAll("[^ -~]", "?")
                    + "', whose name is a path out of its folder: no checkpoint has one");
        }
        return name;
    }

    private static ZipEntry entry(ByteBuffer bytes, int at, String name, int extraLength) {
        int flags = u16(bytes, at + 8);
        int method = u16(bytes, at + 10);
        if ((flags & ZipFormat.FLAG_ENCRYPTED) != 0) {
            throw new CheckpointException("the zip archive's entry '" + name + "' is encrypted: decrypt it first");
        }
        if (method != ZipFormat.STORED && method != ZipFormat.DEFLATED) {
            throw new CheckpointException("the zip archive's entry '" + name + "' is compressed by method " + method
                    + "; only stored and deflated ones are read");
        }
        long storedSize = u32(bytes, at + 20);
        long size = u32(bytes, at + 24);
        long offset = u32(bytes, at + 42);
        if (storedSize == ZipFormat.MAX32 || size == ZipFormat.MAX32 || offset == ZipFormat.MAX32) {
            int extra = at + ZipFormat.CENTRAL_HEADER_SIZE + u16(bytes, at + 28);
            ByteBuffer zip64 = zip64(bytes, extra, extraLength, name);
            size = size == ZipFormat.MAX32 ? next(zip64, name) : size;
            storedSize = storedSize == ZipFormat.MAX32 ? next(zip64, name) : storedSize;
            offset = offset == ZipFormat.MAX32 ? next(zip64, name) : offset;
        }
        boolean deflated = method == ZipFormat.DEFLATED;
        if (!deflated && size != storedSize) {
            throw new CheckpointException("the zip archive's entry '" + name + "' is stored as it is, but takes "
                    + storedSize + " bytes for " + size);
        }
        return new ZipEntry(name, deflated, bytes.getInt(at + 16), storedSize, size, offset);
    }

    /** Returns the contents of the zip64 extra field. */
    private static ByteBuffer zip64(ByteBuffer bytes, int at, int length, String name) {
        int end = at + length;
        int field = at;
        while (field <= end - 4) {
            int fieldLength = u16(bytes, field + 2);
            if (fieldLength > end - field - 4) {
                break;
            }
            if (u16(bytes, field) == ZipFormat.EXTRA_ZIP64) {
                return bytes.slice(field + 4, fieldLength).order(bytes.order());
            }
            field += 4 + fieldLength;
        }
        throw new CheckpointException("the zip archive's entry '" + name + "' does not have its zip64 sizes");
    }

    private static long next(ByteBuffer zip64, String name) {
        if (zip64.remaining() < 8) {
            throw new CheckpointException("the zip archive's entry '" + name + "' does not have its zip64 sizes");
        }
        long value = zip64.getLong();
        if (value < 0) {
            throw new CheckpointException(
                    "the zip archive's entry '" + name + "' has a zip64 size or offset over 2**63");
        }
        return value;
    }

    private static void checkOverlaps(Map<String, ZipEntry> entries, long directoryOffset) {
        List<ZipEntry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(ZipEntry::headerOffset));
        for (int i = 0; i < ordered.size(); i++) {
            ZipEntry entry = ordered.get(i);
            long limit = i + 1 < ordered.size() ? ordered.get(i + 1).headerOffset() : directoryOffset;
            limit = Math.min(limit, directoryOffset);
            if (entry.headerOffset() > limit - ZipFormat.LOCAL_HEADER_SIZE
                    || entry.storedSize() > limit - ZipFormat.LOCAL_HEADER_SIZE - entry.headerOffset()) {
                throw new CheckpointException("the zip archive's entry '" + entry.name() + "' of " + entry.storedSize()
                        + " bytes at byte " + entry.headerOffset() + " overlaps what follows at byte " + limit);
            }
        }
    }

    // --- bytes -------------------------------------------------------------------------------------------------

    /**
     * Returns the position of the entry's bytes in the file.
     *
     * @throws CheckpointException if its local header is damaged
     */
    public long dataOffset(ZipEntry entry) {
        ByteBuffer header = source.at(entry.headerOffset(), ZipFormat.LOCAL_HEADER_SIZE);
        if (header.getInt(0) != ZipFormat.LOCAL_HEADER) {
            throw new CheckpointException("the zip archive has no header for the entry '" + entry.name() + "' at byte "
                    + entry.headerOffset());
        }
        long offset = entry.headerOffset() + ZipFormat.LOCAL_HEADER_SIZE + u16(header, 26) + u16(header, 28);
        if (offset > directoryOffset - entry.storedSize()) {
            throw new CheckpointException("the zip archive's entry '" + entry.name() + "' exceeds the archive");
        }
        return offset;
    }

    /**
     * Returns the entry's bytes, inflated if they are deflated, after checking their CRC-32.
     *
     * @param limit the greatest number of bytes
     * @throws CheckpointException if there are more, or they are damaged
     */
    public byte[] bytes(ZipEntry entry, int limit) {
        if (entry.size() > limit) {
            throw new CheckpointException("the zip archive's entry '" + entry.name() + "' has " + entry.size()
                    + " bytes; at most " + limit + " are read");
        }
        byte[] bytes = new byte[(int) entry.size()];
        if (entry.deflated()) {
            inflate(entry, (offset, length) -> ByteBuffer.wrap(bytes, (int) offset, length));
        } else {
            source.at(dataOffset(entry), bytes.length).get(0, bytes);
        }
        CRC32 crc = new CRC32();
        crc.update(bytes);
        checkCrc(entry, crc);
        return bytes;
    }

    /** Receives inflated bytes. */
    public interface Target {

        /** Returns a buffer for {@code length} bytes at {@code offset}. */
        ByteBuffer at(long offset, int length);
    }

    /**
     * Inflates an entry of any size, and checks its CRC-32.
     *
     * @param target room for {@link ZipEntry#size} bytes
     */
    public void inflateTo(ZipEntry entry, Target target) {
        CRC32 crc = inflate(entry, target);
        checkCrc(entry, crc);
    }

    /** Receives the parts of the file that were read. */
    public interface Reading {
        /** Called after {@code length} bytes at {@code offset} were read, which are not needed again. */
        void done(long offset, long length);
    }

    /**
     * Reads an entry's bytes without keeping them, and checks its CRC-32 if it has one.
     *
     * @return whether it has one
     * @throws CheckpointException if the bytes are damaged
     */
    public boolean check(ZipEntry entry, Reading reading) {
        if (entry.deflated()) {
            ByteBuffer room = ByteBuffer.allocate(PIECE);
            inflateTo(entry, (offset, length) -> room.slice(0, length));
            return entry.crc() != 0;
        }
        CRC32 crc = new CRC32();
        long start = dataOffset(entry);
        for (long done = 0; done < entry.size(); done += PIECE) {
            int length = (int) Math.min(PIECE, entry.size() - done);
            crc.update(source.at(start + done, length));
            reading.done(start + done, length);
        }
        checkCrc(entry, crc);
        return entry.crc() != 0 || entry.size() == 0;
    }

    private static final int PIECE = 1 << 20;

    private CRC32 inflate(ZipEntry entry, Target target) {
        long in = dataOffset(entry);
        long inEnd = in + entry.storedSize();
        long out = 0;
        CRC32 crc = new CRC32();
        Inflater inflater = new Inflater(true);
        try {
            while (!inflater.finished()) {
                if (inflater.needsInput()) {
                    int length = (int) Math.min(PIECE, inEnd - in);
                    if (length == 0) {
                        throw new CheckpointException("the zip archive's entry '" + entry.name() + "' ends too early");
                    }
                    inflater.setInput(source.at(in, length));
                    in += length;
                }
                int room = (int) Math.min(PIECE, entry.size() - out);
                ByteBuffer piece = room == 0 ? ByteBuffer.allocate(1) : target.at(out, room);
                int start = piece.position();
                int count = inflater.inflate(piece);
                if (count > 0 && room == 0) {
                    throw new CheckpointException("the zip archive's entry '" + entry.name()
                            + "' inflates to more than the " + entry.size() + " bytes that it states");
                }
                crc.update(piece.position(start).limit(start + count));
                out += count;
                if (count == 0 && inflater.needsDictionary()) {
                    throw new CheckpointException(
                            "the zip archive's entry '" + entry.name() + "' needs a preset dictionary");
                }
            }
        } catch (DataFormatException e) {
            throw new CheckpointException(
                    "the zip archive's entry '" + entry.name() + "' is not deflated data: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
        if (out != entry.size()) {
            throw new CheckpointException("the zip archive's entry '" + entry.name() + "' inflates to " + out
                    + " bytes, not to the " + entry.size() + " that it states");
        }
        return crc;
    }

    private static void checkCrc(ZipEntry entry, CRC32 crc) {
        if (entry.crc() != 0 && entry.crc() != (int) crc.getValue()) {
            throw new CheckpointException("the zip archive's entry '" + entry.name() + "' is damaged: its CRC-32 is "
                    + hex((int) crc.getValue()) + ", but was " + hex(entry.crc()) + " when it was written");
        }
    }

    private static String hex(int value) {
        return String.format("%08x", value);
    }

    private static int u16(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & ZipFormat.MAX16;
    }

    private static long u32(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & ZipFormat.MAX32;
    }
}
