package org.jtorch.parity.hostile;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The current call of a child process, in the memory of a file. A call is recorded before it is made. Recording needs no system
 * call, and it can be read after the child has died.
 */
final class Journal {

    private static final int SIZE = 1 << 16;
    private static final int TEXT = 24; // After the index, the number done, the length, and whether it hung.

    private final MappedByteBuffer memory;

    private Journal(MappedByteBuffer memory) {
        this.memory = memory;
    }

    static Journal open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Journal(channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE));
        }
    }

    /** Records that call {@code index} comes next, and how many calls were made before. */
    void begin(long index, long done, String subject, String program) {
        byte[] text = (subject + "\n" + program).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, SIZE - TEXT);
        memory.putInt(16, 0);
        memory.put(TEXT, text, 0, length);
        memory.putLong(0, index);
        memory.putLong(8, done);
        memory.putInt(16, length);
    }

    /** Records that the call did not end. */
    void hung() {
        memory.put(20, (byte) 1);
    }

    /** Records that the child ended. */
    void end(long done) {
        memory.putLong(0, -1);
        memory.putLong(8, done);
    }

    /** The last record. */
    record Entry(long index, long done, boolean hung, String subject, String program) {}

    static Entry read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new Entry(0, 0, false, "", "");
        }
        Journal journal = open(file);
        byte[] text = new byte[journal.memory.getInt(16)];
        journal.memory.get(TEXT, text, 0, text.length);
        String[] both = new String(text, StandardCharsets.UTF_8).split("\n", 2);
        return new Entry(
                journal.memory.getLong(0),
                journal.memory.getLong(8),
                journal.memory.get(20) != 0,
                both[0],
                both.length == 2 ? both[1] : "");
    }
}
