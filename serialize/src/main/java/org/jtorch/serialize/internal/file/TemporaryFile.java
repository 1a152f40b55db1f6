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
 * A hidden file in which something is written before it is put into its place. Its name tells the process that writes it, and
 * it is locked as long as it is being written: so what a killed process has left is told from what is still needed.
 */
public final class TemporaryFile implements AutoCloseable {

    private static final Logger LOG = System.getLogger(TemporaryFile.class.getName());

    /** {@code .jtorch-PROCESS-RANDOM.tmp}; short, whatever the name of the file that it becomes. */
    private static final Pattern NAME = Pattern.compile("\\.jtorch-([0-9a-f]+-[0-9a-f]+)-[0-9a-f]+\\.tmp");

    /** Number and start of this process: in a container the number alone is often the same. */
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

    /** A new file in {@code folder}. */
    static TemporaryFile in(Path folder) throws IOException {
        Path path = folder.resolve(".jtorch-" + PROCESS + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock(channel);
        return new TemporaryFile(path, channel);
    }

    /** The lock ends with the channel, or with the process. It lies far after all content, so that it is in nobody's way. */
    private static @Nullable FileLock lock(FileChannel channel) {
        try {
            return channel.tryLock(Long.MAX_VALUE - 1, 1, false);
        } catch (IOException | OverlappingFileLockException e) {
            // a file system without locks: whoever looks for leftovers cannot lock the file either, and lets it stay
            LOG.log(Logger.Level.DEBUG, "files cannot be locked there: what a killed process leaves is not removed", e);
            return null;
        }
    }

    public Path path() {
        return path;
    }

    /** What writes into it. */
    DurableChannel channel() {
        return channel;
    }

    /** Notes that the file is where it belongs now, and is to stay. */
    public void keep() {
        placed = true;
    }

    /** Ends the writing; deletes the file if it was not put into its place. */
    @Override
    public void close() throws IOException {
        try (channel) {
            if (!placed) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Deletes what writers that no longer live have left in {@code folder}. */
    public static void deleteLeftovers(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                // one of this process is not even opened: to close it would end the lock of its writer
                if (name.matches() && !name.group(1).equals(PROCESS)) {
                    deleteIfLeft(file);
                }
            }
        } catch (IOException e) {
            LOG.log(Logger.Level.WARNING, folder + ": cannot be searched for what killed processes have left", e);
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
