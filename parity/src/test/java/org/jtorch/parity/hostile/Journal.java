package org.jtorch.parity.hostile;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a child is doing, in memory that is a file's: a call is written before it is made, costs no system call, and can be read
 * after the child is dead.
 */
final class Journal {

    private static final int SIZE = 1 << 16;
    private static final int TEXT = 24; // after index, number done, length, and whether it hung

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

    /** Says that call {@code index} comes now, and how many were made before. */
    void begin(long index, long done, String subject, String program) {
        byte[] text = (subject + "\n" + program).getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, SIZE - TEXT);
        memory.putInt(16, 0);
        memory.put(TEXT, text, 0, length);
        memory.putLong(0, index);
        memory.putLong(8, done);
        memory.putInt(16, length);
    }

    /** Says that the call did not come to its end. */
    void hung() {
        memory.put(20, (byte) 1);
    }

    /** Says that the child came to its end. */
    void end(long done) {
        memory.putLong(0, -1);
        memory.putLong(8, done);
    }

    /** What was written last. */
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
