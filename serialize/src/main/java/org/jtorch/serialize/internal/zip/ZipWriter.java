package org.jtorch.serialize.internal.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes an archive of stored entries in one pass, in the format of PyTorch's own writer. The bytes of each entry begin at
 * a multiple of 64, after padding in an extra field, and their CRC-32 and size follow them. Zip64 fields are written if
 * they are needed, and the zip64 end record always. Therefore PyTorch can compute the position of each storage without
 * reading the headers.
 */
public final class ZipWriter {

    /** The number of bytes at whose multiples entries begin. */
    public static final int ALIGNMENT = 64;

    /** PyTorch's mark for the extra field that is only padding. */
    private static final short PADDING_ID = 'F' | 'B' << 8;

    private static final byte PADDING = 'Z';

    /** The number of bytes whose CRC-32 is computed before they are written, so that they are read from memory once. */
    private static final int PIECE = 1 << 20;

    private final ByteSink sink;
    private ByteBuffer directory = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private long count;

    /** Creates an archive at the start of {@code sink}. */
    public ZipWriter(ByteSink sink) {
        this.sink = sink;
    }

    /** The bytes of an entry, of any number. */
    public interface Content {

        /** Returns a part of the bytes. */
        ByteBuffer at(long offset, int length);
    }

    /** Writes an entry with the bytes of one buffer, and returns its CRC-32. */
    public int add(String name, ByteBuffer bytes) throws IOException {
        return add(name, bytes.remaining(), (offset, length) -> bytes.slice(bytes.position() + (int) offset, length));
    }

    /**
     * Writes an entry of {@code size} bytes, and returns its CRC-32.
     *
     * @throws IllegalArgumentException if {@code content} returns another number of bytes than requested
     */
    public int add(String name, long size, Content content) throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        long offset = sink.position();
        boolean wide = size >= ZipFormat.MAX32 || offset >= ZipFormat.MAX32;
        writeHeader(nameBytes, size, offset, wide);
        CRC32 crc = new CRC32();
        for (long done = 0; done < size; done += PIECE) {
            int length = (int) Math.min(PIECE, size - done);
            ByteBuffer piece = content.at(done, length);
            if (piece.remaining() != length) {
                throw new IllegalArgumentException(
                        "entry '" + name + "' must have " + size + " bytes, but its content returned "
                                + piece.remaining() + " of the " + length + " at " + done);
            }
            crc.update(piece.duplicate());
            sink.write(piece);
        }
        int value = (int) crc.getValue();
        if (size > 0) {
            writeDescriptor(value, size, wide);
        }
        addToDirectory(nameBytes, value, size, offset);
        return value;
    }

    private void writeHeader(byte[] name, long size, long offset, boolean wide) throws IOException {
        int zip64 = wide ? zip64Length(size, offset) : 0;
        long start = offset + ZipFormat.LOCAL_HEADER_SIZE + name.length + zip64 + 4;
        int padding = (int) (-start & ALIGNMENT - 1);
        ByteBuffer room = sink.room((int) (start - offset) + padding);
        room.putInt(ZipFormat.LOCAL_HEADER);
        room.putShort((short) 0);
        room.putShort(flags(size));
        room.putShort((short) ZipFormat.STORED);
        // time, date, CRC-32 and sizes, of which the last two follow the bytes
        room.putInt(0);
        room.putInt(0);
        room.putLong(0);
        room.putShort((short) name.length);
        room.putShort((short) (zip64 + 4 + padding));
        room.put(name);
        putZip64(room, size, offset);
        room.putShort(PADDING_ID);
        room.putShort((short) padding);
        for (int i = 0; i < padding; i++) {
            room.put(PADDING);
        }
    }

    /** Returns the flags. PyTorch's writer omits the descriptor if there are no bytes. */
    private static short flags(long size) {
        return (short) (ZipFormat.FLAG_UTF8 | (size > 0 ? ZipFormat.FLAG_DESCRIPTOR : 0));
    }

    private void writeDescriptor(int crc, long size, boolean wide) throws IOException {
        ByteBuffer room = sink.room(wide ? 24 : 16);
        room.putInt(ZipFormat.DATA_DESCRIPTOR);
        room.putInt(crc);
        if (wide) {
            room.putLong(size);
            room.putLong(size);
        } else {
            room.putInt((int) size);
            room.putInt((int) size);
        }
    }

    private void addToDirectory(byte[] name, int crc, long size, long offset) {
        int zip64 = zip64Length(size, offset);
        int length = ZipFormat.CENTRAL_HEADER_SIZE + name.length + zip64;
        if (length > directory.remaining()) {
            directory.flip();
            directory = ByteBuffer.allocate(directory.capacity() * 2 + length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(directory);
        }
        directory.putInt(ZipFormat.CENTRAL_HEADER);
        directory.putInt(0);
        directory.putShort(flags(size));
        directory.putShort((short) ZipFormat.STORED);
        directory.putInt(0);
        directory.putInt(crc);
        directory.putInt((int) Math.min(size, ZipFormat.MAX32));
        directory.putInt((int) Math.min(size, ZipFormat.MAX32));
        directory.putShort((short) name.length);
        directory.putShort((short) zip64);
        // no comment, disk 0, no attributes
        directory.putShort((short) 0);
        directory.putLong(0);
        directory.putInt((int) Math.min(offset, ZipFormat.MAX32));
        directory.put(name);
        putZip64(directory, size, offset);
        count++;
    }

    private static int zip64Length(long size, long offset) {
        int length = (size >= ZipFormat.MAX32 ? 16 : 0) + (offset >= ZipFormat.MAX32 ? 8 : 0);
        return length == 0 ? 0 : length + 4;
    }

    private static void putZip64(ByteBuffer to, long size, long offset) {
        int length = zip64Length(size, offset);
        if (length > 0) {
            to.putShort((short) ZipFormat.EXTRA_ZIP64);
            to.putShort((short) (length - 4));
            if (size >= ZipFormat.MAX32) {
                to.putLong(size);
                to.putLong(size);
            }
            if (offset >= ZipFormat.MAX32) {
                to.putLong(offset);
            }
        }
    }

    /** Writes the directory and the end of the archive. */
    public void finish() throws IOException {
        long offset = sink.position();
        sink.write(directory.flip());
        long size = sink.position() - offset;
        long end64 = sink.position();
        ByteBuffer room = sink.room(ZipFormat.END64_SIZE + ZipFormat.END64_LOCATOR_SIZE + ZipFormat.END_SIZE);
        room.putInt(ZipFormat.END64);
        room.putLong(ZipFormat.END64_SIZE - 12);
        room.putShort((short) 0x031e);
        room.putShort((short) 45);
        room.putLong(0);
        room.putLong(count);
        room.putLong(count);
        room.putLong(size);
        room.putLong(offset);

        room.putInt(ZipFormat.END64_LOCATOR);
        room.putInt(0);
        room.putLong(end64);
        room.putInt(1);

        room.putInt(ZipFormat.END);
        room.putInt(0);
        room.putShort((short) Math.min(count, ZipFormat.MAX16));
        room.putShort((short) Math.min(count, ZipFormat.MAX16));
        room.putInt((int) Math.min(size, ZipFormat.MAX32));
        room.putInt((int) Math.min(offset, ZipFormat.MAX32));
        room.putShort((short) 0);
        sink.flush();
    }
}
