package org.jtorch.serialize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.concurrent.ThreadLocalRandom;
import org.jtorch.TorchException;

/**
 * Writes files that are there whole or not at all: beside their place first, then onto the disk, then in one step into their
 * place. Whoever reads meanwhile sees the old file or the new one.
 */
final class AtomicFile {

    /** From this size on it is worth a thread to let go of a file. */
    private static final long LARGE = 32L << 20;

    private AtomicFile() {}

    /** What is written. */
    interface Body {
        void write(WritableByteChannel channel) throws IOException;
    }

    /**
     * Writes {@code path}; what stood there stays untouched where that fails.
     *
     * @throws CheckpointException where it cannot be written
     */
    static void write(Path path, Body body) {
        write(path, path, body);
    }

    /**
     * As {@link #write(Path, Body)}.
     *
     * @param named what errors call it
     */
    static void write(Path path, Path named, Body body) {
        try {
            Path target = target(path);
            Path folder = target.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new CheckpointException("cannot be written: there is no folder " + folder + "; create it first");
            }
            Path name = target.getFileName();
            Path beside = folder.resolve("." + name + "."
                    + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".tmp");
            try {
                try (DurableChannel channel = DurableChannel.create(beside)) {
                    body.write(channel);
                    channel.force();
                }
                keepPermissions(target, beside);
                replace(beside, target);
            } catch (Throwable e) {
                discard(beside, e);
                throw e;
            }
        } catch (CheckpointException e) {
            throw e.in(named);
        } catch (TorchException e) {
            throw new CheckpointException(named + ": " + e.getMessage(), e);
        } catch (AccessDeniedException e) {
            throw new CheckpointException(named + ": cannot be written: this user may not write into its folder", e);
        } catch (IOException e) {
            throw new CheckpointException(named + ": cannot be written: " + reason(e), e);
        }
    }

    /** Deletes what was not finished; where that fails too, what went wrong first is what is told. */
    private static void discard(Path beside, Throwable failure) {
        try {
            Files.deleteIfExists(beside);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * One step for whoever looks. To free a large file's blocks takes as long as to write some hundred megabytes; who holds
     * the old file open does so when it lets go, and that is a thread which nobody waits for.
     */
    private static void replace(Path from, Path to) throws IOException {
        FileChannel old =
                Files.isReadable(to) && Files.size(to) >= LARGE ? FileChannel.open(to, StandardOpenOption.READ) : null;
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            if (old != null) {
                Thread closer = new Thread(() -> close(old), "jtorch-checkpoint-closer");
                closer.setDaemon(true);
                closer.start();
            }
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the replaced file could not be closed", e);
        }
    }

    /** The file itself, where {@code path} is a link to it: the link stays. */
    private static Path target(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (!Files.exists(absolute)) {
            if (Files.isSymbolicLink(absolute)) {
                throw new CheckpointException("cannot be written: it is a link to a file that does not exist");
            }
            return absolute;
        }
        if (!Files.isRegularFile(absolute)) {
            throw new CheckpointException("cannot be written: it is there already, and no file");
        }
        if (!Files.isWritable(absolute)) {
            throw new CheckpointException("cannot be written: it is there already, and protected against writing");
        }
        return absolute.toRealPath();
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException system && system.getReason() != null) {
            // its message would name the file beside
            return system.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** A file that is replaced keeps who may read and write it. */
    private static void keepPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView old =
                Files.getFileAttributeView(from, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributeView now =
                Files.getFileAttributeView(to, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (old != null && now != null && Files.exists(from)) {
            now.setPermissions(old.readAttributes().permissions());
        }
    }
}
