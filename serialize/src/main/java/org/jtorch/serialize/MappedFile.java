package org.jtorch.serialize;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.zip.ByteSource;

/** A file mapped once, or bytes in memory: its structure is read in place, and its tensors are pieces of it. */
final class MappedFile implements ByteSource, AutoCloseable {

    /** Bytes that one buffer shows; a mapping may have more than a buffer can. */
    private static final int WINDOW = 1 << 30;

    /** What is read of a stream at once. */
    private static final int PIECE = 1 << 22;

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

    /** Bytes that are in memory already; takes {@code bytes} over. */
    static MappedFile of(UntypedStorage bytes) {
        if (bytes.nbytes() == 0) {
            bytes.close();
            throw new CheckpointException("is empty: it was never written, or its writer was interrupted");
        }
        return new MappedFile(bytes);
    }

    /** A copy of what remains in {@code buffer}, whose position stays. */
    static MappedFile copyOf(ByteBuffer buffer) {
        UntypedStorage bytes = UntypedStorage.allocate(buffer.remaining());
        bytes.buffer(0, buffer.remaining()).put(buffer.duplicate());
        return of(bytes);
    }

    /** All that is left in {@code stream}. */
    static MappedFile readFrom(InputStream stream) throws IOException {
        List<byte[]> pieces = new ArrayList<>();
        long length = 0;
        while (true) {
            byte[] piece = stream.readNBytes(PIECE);
            pieces.add(piece);
            length += piece.length;
            if (piece.length < PIECE) {
                break;
            }
        }
        UntypedStorage bytes = UntypedStorage.allocate(length);
        long at = 0;
        for (byte[] piece : pieces) {
            bytes.buffer(at, piece.length).put(piece);
            at += piece.length;
        }
        return of(bytes);
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

    /** Lets go of the pages of a part, which were not written to. */
    void unload(long offset, long length) {
        bytes.unload(offset, length);
    }

    /** Ends this object's hold; pieces of the mapping keep it. */
    @Override
    public void close() {
        window = null;
        bytes.close();
    }
}
