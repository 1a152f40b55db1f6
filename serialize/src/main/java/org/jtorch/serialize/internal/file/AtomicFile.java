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
 * Writes files completely or not at all. A file is written under a temporary name in the same folder, forced to the disk,
 * and then renamed. A reader sees either the old file or the new one.
 */
public final class AtomicFile {

    /** The size from which a replaced file is closed on another thread. */
    private static final long LARGE = 32L << 20;

    private AtomicFile() {}

    /** Writes the contents of a file. */
    public interface Body {
        void write(DurableChannel channel) throws IOException;
    }

    /** Writes the contents of a file whose path it is given. */
    public interface PathBody {
        void write(Path temporary) throws IOException;
    }

    /**
     * Writes {@code path}. If that fails, an existing file is not changed.
     *
     * @throws CheckpointException if the file cannot be written
     */
    public static void write(Path path, Body body) {
        replace(path, file -> body.write(file.channel()));
    }

    /** Writes {@code path} as {@link #write(Path, Body)} does, by code that opens the file itself. */
    public static void writeByPath(Path path, PathBody body) {
        replace(path, file -> body.write(file.path()));
    }

    private interface Filling {
        void fill(TemporaryFile file) throws IOException;
    }

    private static void replace(Path path, Filling filling) {
        write(path, () -> {
            Path target = target(path);
            Path folder = target.getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new CheckpointException(
                        "cannot be written: the folder " + folder + " does not exist; create it first");
            }
            try (TemporaryFile file = TemporaryFile.in(folder)) {
                filling.fill(file);
                file.channel().force();
                keepPermissions(target, file.path());
                replace(file.path(), target);
                file.keep();
            }
            return target;
        });
    }

    /**
     * Writes a file without renaming it to its final name.
     *
     * @param place the final name, in a folder that exists
     * @return the file, forced to the disk, which the caller must rename and close
     * @throws CheckpointException if the file cannot be written; it is deleted then
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

    /** Writes, and converts failures to messages for users. */
    private static <T> T write(Path named, Writing<T> writing) {
        try {
            return writing.run();
        } catch (CheckpointException e) {
            throw e.in(named);
        } catch (TorchException e) {
            throw new CheckpointException(named + ": " + e.getMessage(), e);
        } catch (AccessDeniedException e) {
            throw new CheckpointException(named + ": cannot be written: this user may not write to its folder", e);
        } catch (IOException e) {
            throw new CheckpointException(named + ": cannot be written: " + reason(e), e);
        }
    }

    /**
     * Replaces a file in one step. Freeing the blocks of a large file takes as long as writing some hundred megabytes. This
     * happens when the last process that has the old file open closes it, so this class does that on a thread that nobody
     * waits for.
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

    /** Returns the file itself if {@code path} is a link to it. The link is not replaced. */
    private static Path target(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        if (!Files.exists(absolute)) {
            if (Files.isSymbolicLink(absolute)) {
                throw new CheckpointException("cannot be written: it is a link to a file that does not exist");
            }
            return absolute;
        }
        if (!Files.isRegularFile(absolute)) {
            throw new CheckpointException("cannot be written: it exists and is not a file");
        }
        if (!Files.isWritable(absolute)) {
            throw new CheckpointException("cannot be written: it exists and is protected against writing");
        }
        return absolute.toRealPath();
    }

    private static String reason(IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return "this thread was interrupted";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            // the message would name the temporary file
            return system.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /** Keeps the permissions of a file that is replaced. */
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
