package org.jtorch.serialize.internal.zip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.zip.ZipOutputStream;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Test;

/** Archives of other tools, archives beyond 4 GiB, and archives that lie. */
class ZipArchiveTest {

    private static byte[] archive(int method, String... contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < contents.length; i++) {
                byte[] content = contents[i].getBytes(StandardCharsets.UTF_8);
                java.util.zip.ZipEntry entry = new java.util.zip.ZipEntry("e" + i);
                entry.setMethod(method);
                if (method == ZipOutputStream.STORED) {
                    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                    crc.update(content);
                    entry.setCrc(crc.getValue());
                    entry.setSize(content.length);
                }
                zip.putNextEntry(entry);
                zip.write(content);
            }
            zip.setComment("made by java.util.zip");
        }
        return bytes.toByteArray();
    }

    private static String text(ZipArchive archive, String name) {
        ZipEntry entry = archive.entry(name);
        return entry == null ? "none" : new String(archive.bytes(entry, 1 << 20), StandardCharsets.UTF_8);
    }

    @Test
    void archivesOfOtherTools() throws IOException {
        String large = "abc".repeat(100_000);
        for (int method : new int[] {ZipOutputStream.STORED, ZipOutputStream.DEFLATED}) {
            ZipArchive archive = ZipArchive.read(ByteSource.of(archive(method, "hello", large, "")));
            assertEquals("hello", text(archive, "e0"));
            assertEquals(large, text(archive, "e1"));
            assertEquals("", text(archive, "e2"));
            assertEquals(3, archive.entries().size());
        }
    }

    private static void assertRefused(byte[] archive, String reason) {
        CheckpointException e = assertThrows(CheckpointException.class, () -> {
            ZipArchive read = ZipArchive.read(ByteSource.of(archive));
            read.entries().values().forEach(entry -> read.bytes(entry, 1 << 20));
        });
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    /** Where the directory has its first entry. */
    private static int directory(byte[] archive) {
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; ; i++) {
            if (bytes.getInt(i) == ZipFormat.CENTRAL_HEADER) {
                return i;
            }
        }
    }

    private interface Change {
        void to(ByteBuffer bytes, int directory);
    }

    private static byte[] changed(Change change) throws IOException {
        byte[] archive = archive(ZipOutputStream.STORED, "hello", "world");
        change.to(ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN), directory(archive));
        return archive;
    }

    @Test
    void lies() throws IOException {
        int end = archive(ZipOutputStream.STORED, "hello", "world").length - 21 - 22;
        assertRefused(changed((b, d) -> b.putShort(d + 8, (short) 1)), "is encrypted");
        assertRefused(changed((b, d) -> b.putShort(d + 10, (short) 12)), "method 12");
        assertRefused(changed((b, d) -> b.putInt(d + 24, 6)), "takes 5 bytes for 6");
        assertRefused(changed((b, d) -> b.putInt(d + 20, 60).putInt(d + 24, 60)), "overlaps what follows");
        assertRefused(changed((b, d) -> b.putInt(d + 42, 1 << 30)), "overlaps what follows");
        assertRefused(changed((b, d) -> b.putInt(d + 42, 2)), "no header for the entry 'e0'");
        assertRefused(changed((b, d) -> b.putInt(d + 42, -1)), "does not have its zip64 sizes");
        assertRefused(changed((b, d) -> b.put(d + 47, (byte) '1')), "two entries called 'e1'");
        assertRefused(changed((b, d) -> b.putInt(d + 16, 5)), "is damaged");
        for (String name : new String[] {"..", "/x", "\\x"}) {
            assertRefused(
                    changed((b, d) -> b.put(d + 46, (byte) name.charAt(0)).put(d + 47, (byte) name.charAt(1))),
                    "a path out of its folder");
        }
        assertRefused(changed((b, d) -> b.putShort(end + 10, (short) 3)), "claims 3 entries");
        assertRefused(changed((b, d) -> b.putShort(end + 4, (short) 1)), "several files");
        assertRefused(changed((b, d) -> b.putInt(end + 12, 1 << 30)), "directory would take");
        assertRefused(changed((b, d) -> b.putInt(end + 16, -2)), "directory would take");
        assertRefused(changed((b, d) -> b.putInt(d, 0)), "damaged at its entry 0");
        assertRefused(changed((b, d) -> b.putShort(d + 30, (short) -1)), "truncated at its entry 0");
    }

    @Test
    void deflatedLies() throws IOException {
        byte[] archive = archive(ZipOutputStream.DEFLATED, "hello hello hello hello hello");
        int directory = directory(archive);
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        int size = bytes.getInt(directory + 24);
        assertRefused(bytes.putInt(directory + 24, size - 1).array(), "inflates to more than");
        assertRefused(bytes.putInt(directory + 24, size + 1).array(), "inflates to 29 bytes");
        bytes.putInt(directory + 24, size).putInt(directory + 20, 5);
        assertRefused(archive, "ends too early");
        bytes.putInt(directory + 24, 1 << 30);
        assertRefused(archive, "at most 1048576 are read");
    }

    /** Keeps what is written, but of mebibytes of zeros only how many there were. */
    private static final class Sparse implements WritableByteChannel, ByteSource {
        private final TreeMap<Long, byte[]> pieces = new TreeMap<>();
        private long size;

        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            if (count != 1 << 20 || bytes.getLong(bytes.position()) != 0) {
                byte[] piece = new byte[count];
                bytes.get(piece);
                pieces.put(size, piece);
            } else {
                bytes.position(bytes.limit());
            }
            size += count;
            return count;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public ByteBuffer at(long offset, int length) {
            byte[] result = new byte[length];
            for (long start : pieces.headMap(offset + length).keySet()) {
                byte[] piece = pieces.get(start);
                long from = Math.max(start, offset);
                long to = Math.min(start + piece.length, offset + length);
                if (from < to) {
                    System.arraycopy(piece, (int) (from - start), result, (int) (from - offset), (int) (to - from));
                }
            }
            return ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    /** An entry over 4 GiB, one that starts beyond 4 GiB, and more of them than the old fields can count. */
    @Test
    void zip64() throws IOException {
        Sparse file = new Sparse();
        ZipWriter writer = new ZipWriter(new ByteSink(file));
        writer.add("a/first", ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        long large = (1L << 32) + (1 << 20);
        writer.add("a/large", large, (offset, length) -> zeros.slice(0, length));
        for (int i = 0; i < 70_000; i++) {
            writer.add("a/" + i, ByteBuffer.wrap(new byte[] {(byte) i, 9}));
        }
        writer.finish();
        ZipArchive archive = ZipArchive.read(file);
        assertEquals(70_002, archive.entries().size());
        ZipEntry entry = archive.entry("a/large");
        assertEquals(large, entry.size());
        for (String name : new String[] {"a/first", "a/large", "a/0", "a/69999"}) {
            assertEquals(0, archive.dataOffset(archive.entry(name)) % 64, name);
        }
        assertTrue(archive.entry("a/7").headerOffset() > 1L << 32);
        assertArrayEquals(new byte[] {1, 2, 3}, archive.bytes(archive.entry("a/first"), 100));
        assertArrayEquals(new byte[] {(byte) 69_999, 9}, archive.bytes(archive.entry("a/69999"), 100));
    }

    /** Content with another size than stated is an error, and does not lead to a damaged archive or an endless writer. */
    @Test
    void contentOfAnotherSize() {
        for (int given : new int[] {0, 9, 11}) {
            ZipWriter writer = new ZipWriter(new ByteSink(new Sparse()));
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class,
                    () -> writer.add("a", 10, (offset, length) -> ByteBuffer.allocate(given)));
            assertEquals(
                    "entry 'a' must have 10 bytes, but its content returned " + given + " of the 10 at 0",
                    e.getMessage());
        }
    }
}
