package org.jtorch.serialize.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Objects;
import org.jtorch.TorchException;
import org.jtorch.serialize.format.CheckpointException;

/**
 * Writes files that are there whole or not at all: beside their place first, then onto the disk, then in one step into their
 * place. Whoever reads meanwhile sees the old file or the new one.
 */
public final class AtomicFile {

    /** From this size on it is worth a thread to let go of a file. */
    private static final long LARGE = 32L << 20;

    private AtomicFile() {}

    /** What is written. */
    public interface Body {
        void write(DurableChannel channel) throws IOException;
    }

    /**
     * Writes {@code path}; what stood there stays untouched where that fails.
     *
     * @throws CheckpointException if it cannot be written
     */
    public static void write(Path path, Body body) {
        write(path, () -> {
            Path target = target(path);
            Path folder = target.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new CheckpointException("cannot be written: there is no folder " + folder + "; create it first");
            }
            try (TemporaryFile file = TemporaryFile.in(folder)) {
                body.write(file.channel());
                file.channel().force();
                keepPermissions(target, file.path());
                replace(file.path(), target);
                file.keep();
            }
            return target;
        });
    }

    /**
     * Writes a file that is not put into its place yet.
     *
     * @param place where it will go, in a folder that exists
     * @return the file, on the disk, which is the caller's to place and to close
     * @throws CheckpointException if it cannot be written; it is gone then
     */
    public static TemporaryFile writeBeside(Path place, Body body) {
        return write(place, () -> {
            TemporaryFile file = TemporaryFile.in(Objects.requireNonNull(place.getParent()));
            try {
                body.write(file.channel());
                file.channel().force();
                return file;
            } catch (Throwable e) {
                try (file) {
                    throw e;
                }
            }
        });
    }

    private interface Writing<T> {
        T run() throws IOException;
    }

    /** Failures in a user's words. */
    private static <T> T write(Path named, Writing<T> writing) {
        try {
            return writing.run();
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
        if (e instanceof ClosedByInterruptException) {
            return "this thread was interrupted";
        }
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
