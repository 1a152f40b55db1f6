package org.jtorch.serialize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.zip.ByteSource;

/** A file mapped once: its structure is read through the mapping, and its tensors are pieces of it. */
final class MappedFile implements ByteSource, AutoCloseable {

    /** Bytes that one buffer shows; a mapping may have more than a buffer can. */
    private static final int WINDOW = 1 << 30;

    private final UntypedStorage bytes;
    private @Nullable ByteBuffer window;
    private long windowOffset;

    private MappedFile(UntypedStorage bytes) {
        this.bytes = bytes;
    }

    /**
     * Maps a file.
     *
     * @throws CheckpointException where it is not there, is no file, is empty or may not be read
     */
    static MappedFile open(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new CheckpointException("is a folder and no checkpoint file");
            }
            long size = Files.size(path);
            if (size == 0) {
                throw new CheckpointException("is empty: it was never written, or its writer was interrupted");
            }
            if (!Files.isReadable(path)) {
                throw new CheckpointException("may not be read by this user");
            }
            if (path.getFileSystem() != FileSystems.getDefault()) {
                throw new CheckpointException(
                        "is inside of another file system, which cannot be mapped: copy it to the disk first");
            }
            return new MappedFile(UntypedStorage.fromFile(path, size));
        } catch (NoSuchFileException e) {
            throw new CheckpointException(
                    "no such file (working folder: " + Path.of("").toAbsolutePath() + ")", e);
        } catch (AccessDeniedException e) {
            throw new CheckpointException("may not be read by this user", e);
        } catch (IOException e) {
            throw new CheckpointException("cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public long size() {
        return bytes.nbytes();
    }

    @Override
    public ByteBuffer at(long offset, int length) {
        ByteBuffer current = window;
        if (current == null || offset < windowOffset || offset + length > windowOffset + current.capacity()) {
            // a step of half a window: what lies across two steps lies within one window
            windowOffset = offset - offset % (WINDOW / 2);
            long wanted = Math.max(WINDOW, offset - windowOffset + length);
            current = bytes.buffer(
                    windowOffset, (int) Math.min(Math.min(wanted, Integer.MAX_VALUE), size() - windowOffset));
            window = current;
        }
        return current.slice((int) (offset - windowOffset), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A storage over a part of the file. */
    UntypedStorage slice(long offset, long length) {
        return bytes.slice(offset, length);
    }

    /** Ends this object's hold; pieces of the mapping keep it. */
    @Override
    public void close() {
        window = null;
        bytes.close();
    }
}
