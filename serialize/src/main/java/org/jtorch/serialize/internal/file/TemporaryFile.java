package org.jtorch.serialize.internal.file;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hidden file that is renamed after it was written. Its name identifies the process that writes it, and it is locked
 * while it is written. By this, files that killed processes have left are distinguished from those that are still needed.
 */
public final class TemporaryFile implements AutoCloseable {

    private static final Logger LOG = System.getLogger(TemporaryFile.class.getName());

    /** {@code .jtorch-PROCESS-RANDOM.tmp}. The name is short, regardless of the final name. */
    private static final Pattern NAME = Pattern.compile("\\.jtorch-([0-9a-f]+-[0-9a-f]+)-[0-9a-f]+\\.tmp");

    /** The number and start time of this process. In containers, the number is often the same. */
    private static final String PROCESS =
            Long.toHexString(ProcessHandle.current().pid()) + "-"
                    + Long.toHexString(ProcessHandle.current()
                            .info()
                            .startInstant()
                            .map(start -> start.toEpochMilli())
                            .orElse(0L));

    private final Path path;
    private final DurableChannel channel;
    private boolean placed;

    private TemporaryFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = new DurableChannel(channel);
    }

    /** Creates a file in {@code folder}. */
    static TemporaryFile in(Path folder) throws IOException {
        Path path = folder.resolve(".jtorch-" + PROCESS + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock(channel);
        return new TemporaryFile(path, channel);
    }

    /**
     * Locks the file. The lock ends with the channel or with the process. Its position is far after all content, so that it
     * disturbs nobody.
     */
    private static @Nullable FileLock lock(FileChannel channel) {
        try {
            return channel.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (IOException | OverlappingFileLockException e) {
            // a file system without locks: a search for leftovers cannot lock the file either, and keeps it
            LOG.log(
                    Logger.Level.DEBUG,
                    "files cannot be locked there: files that killed processes leave are not removed",
                    e);
            return null;
        }
    }

    public Path path() {
        return path;
    }

    /** Returns the channel to the file. */
    DurableChannel channel() {
        return channel;
    }

    /** Records that the file has its final name and must not be deleted. */
    public void keep() {
        placed = true;
    }

    /** Closes the file, and deletes it if it was not renamed. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (!placed) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Deletes the files that killed writers have left in {@code folder}. */
    public static void deleteLeftovers(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                // files of this process are not opened, since closing them would release the lock of their writer
                if (name.matches() && !name.group(1).equals(PROCESS)) {
                    deleteIfLeft(file);
                }
            }
        } catch (IOException e) {
            LOG.log(Logger.Level.WARNING, folder + ": cannot be searched for files that killed processes have left", e);
        }
    }

    private static void deleteIfLeft(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (lock(channel) != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.log(Logger.Level.WARNING, file + ": was left by a killed process and cannot be deleted", e);
        }
    }
}
