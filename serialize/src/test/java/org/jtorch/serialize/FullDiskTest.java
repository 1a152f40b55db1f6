package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.DurableChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full, or that may not be written to: the error says so, the old file is unchanged, and no other files are
 * left.
 */
class FullDiskTest {

    /** What the disk in memory says; Linux says {@code No space left on device}. */
    private static final String FULL = "out of disk space";

    private static final Map<String, Tensor> SMALL = Map.of("a", Torch.ones(10));
    private static final Map<String, Tensor> LARGE = Map.of("a", Torch.ones(300_000), "b", Torch.ones(300_000));

    @TempDir
    Path temporary;

    /** A disk of 1.5 MiB. */
    private static FileSystem disk() {
        return Jimfs.newFileSystem(
                Configuration.unix().toBuilder().setMaxSize(3 << 19).build());
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /**
     * {@code save} fails with a message that names the file, and {@code file}, which exists, is unchanged and the only
     * file.
     */
    private static void assertFails(Path file, String named, Executable save) throws IOException {
        byte[] before = Files.readAllBytes(file);
        CheckpointException e = assertThrows(CheckpointException.class, save);
        // a conversion says so before it writes
        String early = named + " would take ";
        assertTrue(
                e.getMessage().equals(named + ": cannot be written: " + FULL)
                        || (e.getMessage().startsWith(early) && e.getMessage().contains("free on its disk")),
                e.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        assertEquals(List.of(file.getFileName().toString()), files(file.getParent()));
    }

    @Test
    void everyWriter() throws IOException {
        try (FileSystem disk = disk()) {
            Path pt = Files.createDirectories(disk.getPath("/work/pt")).resolve("m.pt");
            Checkpoint.save(pt, SMALL);
            assertFails(pt, pt.toString(), () -> Checkpoint.save(pt, LARGE));
            Path safe = Files.createDirectories(disk.getPath("/work/s")).resolve("m.safetensors");
            Checkpoint.saveSafetensors(safe, SMALL);
            assertFails(safe, safe.toString(), () -> Checkpoint.saveSafetensors(safe, LARGE));
            Path second = safe.resolveSibling("m-00002-of-00002.safetensors");
            assertFails(safe, second.toString(), () -> Checkpoint.saveSharded(safe, LARGE, Map.of(), 1_200_000L));
            Path from = temporary.resolve("large.pt");
            Checkpoint.save(from, LARGE);
            assertFails(pt, from + ": " + pt, () -> Checkpoint.convert(from, pt));
            assertFails(safe, from + ": " + safe, () -> Checkpoint.convert(from, safe));
            // what failed takes no room
            Checkpoint.save(pt, Map.of("a", Torch.ones(300_000)));
        }
    }

    @Test
    void inTheBackground() throws IOException {
        try (FileSystem disk = disk()) {
            CheckpointManager manager = new CheckpointManager(disk.getPath("/work/runs"), o -> o.keepLast(1));
            manager.save(1, SMALL);
            manager.await();
            manager.save(2, LARGE);
            CheckpointException e = assertThrows(CheckpointException.class, () -> manager.save(3, SMALL));
            assertTrue(
                    e.getMessage()
                            .endsWith("the last checkpoint was not saved: "
                                    + "/work/runs/checkpoint-2.pt: cannot be written: " + FULL),
                    e.getMessage());
            assertEquals(List.of("checkpoint-1.pt"), files(disk.getPath("/work/runs")));
            // thrown once; after that, saving works
            manager.save(3, SMALL);
            assertEquals(List.of(disk.getPath("/work/runs/checkpoint-3.pt")), manager.files());
            manager.save(4, LARGE);
            assertThrows(CheckpointException.class, manager::close);
        }
    }

    /** Some disks first accept bytes into a cache, and report that there is no space when the bytes are forced. */
    @Test
    void noticedLate() throws IOException {
        for (long taken : new long[] {1 << 20, 40 << 20}) {
            FailingChannel failing = new FailingChannel("No space left on device");
            DurableChannel channel = new DurableChannel(failing);
            IOException e = assertThrows(IOException.class, () -> {
                for (ByteBuffer piece = ByteBuffer.allocate(1 << 20); failing.size() < taken; piece.clear()) {
                    channel.write(piece);
                }
                channel.force();
            });
            assertEquals("No space left on device", e.getMessage());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its folders have no POSIX permissions")
    void aFolderThatMayNotBeWrittenTo() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("closed"));
        Path file = folder.resolve("m.pt");
        Checkpoint.save(file, SMALL);
        byte[] before = Files.readAllBytes(file);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(folder), "this user may write everywhere, as root may");
            CheckpointException e = assertThrows(CheckpointException.class, () -> Checkpoint.save(file, SMALL));
            assertEquals(file + ": cannot be written: this user may not write to its folder", e.getMessage());
            assertArrayEquals(before, Files.readAllBytes(file));
            assertEquals(List.of("m.pt"), files(folder));
            CheckpointManager manager = new CheckpointManager(folder);
            manager.save(1, SMALL);
            CheckpointException told = assertThrows(CheckpointException.class, manager::await);
            assertTrue(told.getMessage().contains("this user may not write into its folder"), told.getMessage());
            assertDoesNotThrow(manager::close);
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** The system's own: a disk of 8 MiB in a namespace of the process's own, full, then mounted read-only. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "mounts a tmpfs in a user namespace")
    void aRealDisk() throws IOException, InterruptedException {
        Path folder = Files.createDirectory(temporary.resolve("disk"));
        String mount = "mount -t tmpfs -o size=8m none '" + folder + "'";
        assumeTrue(shell(mount).status == 0, "this user may not mount a file system in a namespace of its own");
        String java = "'" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -cp '"
                + System.getProperty("java.class.path") + "' " + FullDisk.class.getName() + " '" + folder + "' ";
        Said full = shell(mount + " && " + java + "full");
        assertEquals(0, full.status, full.text);
        Path file = folder.resolve("m.pt");
        assertTrue(full.text.contains(file + ": cannot be written: No space left on device"), full.text);
        assertTrue(full.text.contains("left: [m.pt], the old one"), full.text);
        Said readOnly =
                shell(mount + " && " + java + "fill && mount -o remount,ro '" + folder + "' && " + java + "again");
        assertEquals(0, readOnly.status, readOnly.text);
        assertTrue(readOnly.text.contains(file + ": cannot be written: "), readOnly.text);
        assertTrue(readOnly.text.contains("left: [m.pt], the old one"), readOnly.text);
        assertFalse(Files.exists(file), "the disk was not the namespace's own");
    }

    private record Said(int status, String text) {}

    private static Said shell(String command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", command);
        Process process;
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Said(127, String.valueOf(e.getMessage()));
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
