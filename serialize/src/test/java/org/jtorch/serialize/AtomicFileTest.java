package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.Torch;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.AtomicFile;
import org.jtorch.serialize.internal.file.DurableChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A file is there whole or not at all. */
class AtomicFileTest {

    @TempDir
    Path folder;

    private List<String> inFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatFailsHalfWayLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("model.pt"), "the old one");
        CheckpointException e = assertThrows(
                CheckpointException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.allocate(100_000));
                    throw new IOException("disk full");
                }));
        assertEquals(file + ": cannot be written: disk full", e.getMessage());
        assertEquals("the old one", Files.readString(file));
        assertEquals(List.of("model.pt"), inFolder());
    }

    @Test
    void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("model.pt");
        Checkpoint.save(file, List.of(Torch.ones(2)));
        byte[] before = Files.readAllBytes(file);
        assertThrows(CheckpointException.class, () -> Checkpoint.save(file, List.of(Torch.ones(3), new Object())));
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of("model.pt"), inFolder());
    }

    @Test
    void theOldFileStaysForWhoReadsIt() throws IOException {
        Path file = folder.resolve("model.pt");
        Checkpoint.save(file, Torch.ones(1 << 20));
        Object old = Checkpoint.load(file).root();
        Checkpoint.save(file, Torch.zeros(3));
        assertEquals(1 << 20, ((org.jtorch.Tensor) old).sum().item());
    }

    @Test
    void aLargeFileIsReplacedByALargeOne() throws IOException {
        Path file = folder.resolve("large");
        for (byte value = 1; value <= 2; value++) {
            ByteBuffer piece = ByteBuffer.allocateDirect(10 << 20);
            while (piece.hasRemaining()) {
                piece.put(value);
            }
            AtomicFile.write(file, channel -> {
                for (int i = 0; i < 12; i++) {
                    piece.rewind();
                    while (piece.hasRemaining()) {
                        channel.write(piece);
                    }
                }
            });
            assertEquals(120L << 20, Files.size(file));
            try (var in = Files.newInputStream(file)) {
                in.skipNBytes((120L << 20) - 1);
                assertEquals(value, in.read());
            }
        }
        assertEquals(List.of("large"), inFolder());
    }

    /** However much is given: what is larger is taken slowly by the system. */
    @Test
    void aMebibyteAtOnce() throws IOException {
        DurableChannel channel = new DurableChannel(new FailingChannel("not forced here"));
        ByteBuffer bytes = ByteBuffer.allocate(5 << 19);
        assertEquals(1 << 20, channel.write(bytes));
        assertEquals(3 << 19, bytes.remaining());
        assertEquals(1 << 20, channel.write(bytes));
        assertEquals(1 << 19, channel.write(bytes));
        assertEquals(0, channel.write(bytes));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its files have no POSIX permissions")
    void aReplacedFileKeepsItsPermissions() throws IOException {
        Path file = Files.writeString(folder.resolve("model.pt"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Checkpoint.save(file, 1L);
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a privilege there")
    void aLinkStaysALink() throws IOException {
        Path file = Files.writeString(folder.resolve("real.pt"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("latest.pt"), file);
        Checkpoint.save(link, 5L);
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(5L, Checkpoint.load(file).root());
    }

    @Test
    void noSuchFolder() {
        Path file = folder.resolve("none/model.pt");
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.save(file, 1L));
        assertTrue(e.getMessage().contains("the folder " + folder.resolve("none") + " does not exist"), e.getMessage());
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.save(folder, 1L));
        assertTrue(e.getMessage().contains("is not a file"), e.getMessage());
    }

    /** The longest names that the usual file systems have. */
    @Test
    void namesOfAnyLength() throws IOException {
        for (int length : new int[] {236, 251}) {
            Path file = folder.resolve("n".repeat(length) + ".pt");
            for (long value = 1; value <= 2; value++) {
                Checkpoint.save(file, value);
                assertEquals(value, Checkpoint.load(file).root());
            }
        }
        Path single = folder.resolve("s".repeat(243) + ".safetensors");
        Checkpoint.saveSafetensors(single, Map.of("w", Torch.ones(2)));
        Path many = folder.resolve("m".repeat(228) + ".safetensors");
        Path index = Checkpoint.saveSharded(many, Map.of("a", Torch.ones(2), "b", Torch.ones(2)), Map.of(), 8);
        assertEquals(2, Checkpoint.load(index).stateDict().size());
        assertEquals(6, inFolder().size(), inFolder().toString());
    }

    @Test
    void anInterruptedThreadIsToldSo() throws IOException {
        Path file = folder.resolve("model.pt");
        Checkpoint.save(file, 1L);
        Thread.currentThread().interrupt();
        CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.save(file, 2L));
        assertTrue(Thread.interrupted());
        assertEquals(file + ": cannot be written: this thread was interrupted", e.getMessage());
        assertEquals(1L, Checkpoint.load(file).root());
        assertEquals(List.of("model.pt"), inFolder());
    }
}
