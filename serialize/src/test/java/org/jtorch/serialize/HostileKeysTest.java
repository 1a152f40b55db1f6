package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and shared values, each in order by itself, whose reading would take the square of the file's size, or worse. */
class HostileKeysTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

    @BeforeAll
    static void startEngine() {
        assertEquals(
                12, Checkpoint.load(Recorded.file("state_dict.pt")).stateDict().size());
    }

    private HostileKeysTest put(String text) {
        pickle.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    private HostileKeysTest put(char opcode, int number) {
        pickle.write(opcode);
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array());
        return this;
    }

    private Path file() throws IOException {
        Path file = folder.resolve("made.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.setLevel(0);
            zip.putNextEntry(new ZipEntry("made/data.pkl"));
            pickle.writeTo(zip);
        }
        return file;
    }

    private void assertRefused(String reason) throws IOException {
        CheckpointException e = HostileFilesTest.refusal(file(), o -> {});
        assertTrue(e.getMessage().contains(reason), e.getMessage());
        assertTrue(e.getMessage().length() < 600, e.getMessage());
    }

    /** A hash goes into each set inside of each. */
    @Test
    void setsInSets() throws IOException {
        put("(".repeat(20_000) + "N" + "\u0091".repeat(20_000) + ".");
        assertRefused("a key of more than 1000 values");
    }

    /** Each set contains the previous one twice, directly and in a tuple. */
    @Test
    void setsThatDouble() throws IOException {
        put("(\u0091q\u0000");
        for (int i = 0; i < 60; i++) {
            put("0(h" + (char) i + "h" + (char) i + "\u0085\u0091q" + (char) (i + 1));
        }
        put(".");
        assertRefused("a key of more than 1000 values");
    }

    @Test
    void largeKeysAgainAndAgain() throws IOException {
        for (char opcode : new char[] {'B', 'X'}) {
            pickle.reset();
            // two of the same text, so that they are compared
            put("}").put(opcode, 1 << 20).put("x".repeat(1 << 20) + "q\u0000N");
            put("s").put(opcode, 1 << 20).put("x".repeat(1 << 20) + "q\u0001Ns");
            put("h\u0001Ns".repeat(300_000) + ".");
            assertRefused("large keys repeatedly");
        }
    }

    @Test
    void keysOfOneHash() throws IOException {
        put("}(");
        for (int i = 0; i < 60_000; i++) {
            put('J', i).put('J', 31 * (60_000 - i)).put("\u0086N");
        }
        put("u.");
        assertRefused("more than 1000 keys of the same hash");
        pickle.reset();
        put("\u008f(");
        for (int i = 0; i < 60_000; i++) {
            put('J', i).put('J', 31 * (60_000 - i)).put("\u0086");
        }
        put("\u0090.");
        assertRefused("more than 1000 keys of the same hash");
    }

    @Test
    void manyKeysOfDifferentHashes() throws IOException {
        put("}(");
        for (int i = 0; i < 60_000; i++) {
            put('J', i).put('J', i).put("\u0086N");
        }
        put("u.");
        assertEquals(60_000, ((Map<?, ?>) Checkpoint.load(file()).root()).size());
    }

    @Test
    void oneLargeValueUnderManyKeys() throws IOException {
        put("](" + "N".repeat(300_000) + "e0}(");
        for (int i = 0; i < 100_000; i++) {
            put('J', i).put("N");
        }
        put("uq\u00000}(");
        for (int i = 0; i < 100_000; i++) {
            put('J', i).put("h\u0000");
        }
        put("u.");
        CheckpointException e = HostileFilesTest.refusal(file(), o -> o.limits(l -> l.sharedValues(1L << 60)));
        assertTrue(e.getMessage().contains("is not a state dict"), e.getMessage());
    }
}
