package org.jtorch.serialize.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.zip.ByteSource;

/**
 * A file, or bytes in memory. Java code reads from files and does not map them: if a file is truncated, an exception is
 * thrown and the process does not end. Tensors are parts of a mapping or of the bytes in memory, or copies.
 */
public final class MappedFile implements ByteSource, AutoCloseable {

    /** The number of bytes of one buffer. A mapping may be larger than a buffer. */
    private static final int WINDOW = 1 << 30;

    /** The number of bytes that are read from a stream in one call. */
    private static final int PIECE = 1 << 22;

    /** The least number of bytes that are read from a file, since the next request is often next to it. */
    private static final int READ_AHEAD = 1 << 14;

    /** The number of bytes that are copied in one call. */
    private static final int COPIED = 1 << 24;

    private final long size;

    /** The mapping, or the bytes in memory, of which parts are taken; null if each part is a copy. */
    private final @Nullable UntypedStorage bytes;

    /** The channel from which Java reads, or null for bytes in memory. */
    private final @Nullable FileChannel channel;

    private @Nullable ByteBuffer window;
    private long windowOffset;

    private MappedFile(long size, @Nullable UntypedStorage bytes, @Nullable FileChannel channel) {
        this.size = size;
        this.bytes = bytes;
        this.channel = channel;
    }

    /** How tensors get their bytes from a file. */
    public enum Access {
        /** The file is mapped, and tensors are views of it. */
        MAPPED,
        /** The whole file is read into memory, and tensors are views of that. */
        WHOLE,
        /** Each storage is read into its own memory. */
        COPIED
    }

    /** Chooses the access for the size of a file. */
    public interface Choice {
        public Access of(long size);
    }

    /**
     * Opens a file.
     *
     * @throws CheckpointException if the file does not exist, is not a file, is empty, or may not be read
     */
    public static MappedFile open(Path path, Choice choice) {
        try {
            if (Files.isDirectory(path)) {
                throw Folders.refused(path);
            }
            if (Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
                throw new CheckpointException(
                        "is a pipe, a socket or a device, not a file: write its contents to a file"
                                + " first, or pass it to load as an InputStream");
            }
            if (Files.size(path) == 0) {
                throw new CheckpointException("is empty: it was never written, or its writer was interrupted");
            }
            if (!Files.isReadable(path)) {
                throw new CheckpointException("may not be read by this user");
            }
            if (path.getFileSystem() != FileSystems.getDefault()) {
                throw new CheckpointException(
                        "is inside of another file system, which cannot be mapped: copy it to the disk first");
            }
            return openFile(path, choice);
        } catch (NoSuchFileException e) {
            throw new CheckpointException(
                    "no such file (working folder: " + Path.of("").toAbsolutePath() + ")", e);
        } catch (AccessDeniedException e) {
            throw new CheckpointException("may not be read by this user", e);
        } catch (IOException e) {
            throw new CheckpointException("cannot be read: " + e.getMessage(), e);
        }
    }

    private static MappedFile openFile(Path path, Choice choice) throws IOException {
        Object before = identity(path);
        MappedFile file = new MappedFile(Files.size(path), null, FileChannel.open(path, StandardOpenOption.READ));
        boolean opened = false;
        try {
            Access access = choice.of(file.size);
            if (access == Access.COPIED) {
                opened = true;
                return file;
            }
            if (access == Access.WHOLE) {
                try (file) {
                    return of(file.copy(0, file.size));
                }
            }
            UntypedStorage mapping = UntypedStorage.fromFile(path, file.size);
            if (!before.equals(identity(path))) {
                mapping.close();
                throw new CheckpointException("was replaced by another file while it was being opened: load it again");
            }
            opened = true;
            return new MappedFile(file.size, mapping, file.channel);
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /** Returns an object that identifies a file, and differs for another file with the same path. */
    private static Object identity(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Object key = attributes.fileKey();
        return key == null ? attributes.creationTime() : key;
    }

    /** Returns a file with bytes that are already in memory. It takes ownership of {@code bytes}. */
    public static MappedFile of(UntypedStorage bytes) {
        if (bytes.nbytes() == 0) {
            bytes.close();
            throw new CheckpointException("is empty: it was never written, or its writer was interrupted");
        }
        return new MappedFile(bytes.nbytes(), bytes, null);
    }

    /** Returns a file with a copy of the remaining bytes of {@code buffer}, whose position does not change. */
    public static MappedFile copyOf(ByteBuffer buffer) {
        UntypedStorage bytes = UntypedStorage.allocate(buffer.remaining());
        LentBytes.of(bytes, 0, buffer.remaining()).put(buffer.duplicate());
        return of(bytes);
    }

    /** Reads the rest of {@code stream}. */
    public static MappedFile readFrom(InputStream stream) throws IOException {
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
            LentBytes.of(bytes, at, piece.length).put(piece);
            at += piece.length;
        }
        return of(bytes);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public ByteBuffer at(long offset, int length) {
        ByteBuffer current = window;
        if (current == null || offset < windowOffset || offset + length > windowOffset + current.capacity()) {
            current = channel == null ? inMemory(offset, length) : read(offset, length);
            window = current;
        }
        return current.slice((int) (offset - windowOffset), length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer inMemory(long offset, int length) {
        // windows overlap by half, so that a request of up to half a window is always within one
        windowOffset = offset - offset % (WINDOW / 2);
        long wanted = Math.max(WINDOW, offset - windowOffset + length);
        return Objects.requireNonNull(bytes)
                .buffer(windowOffset, (int) Math.min(Math.min(wanted, Integer.MAX_VALUE), size - windowOffset));
    }

    /** Reads a window into its own buffer, so that buffers of earlier windows stay valid. */
    private ByteBuffer read(long offset, int length) {
        ByteBuffer room = ByteBuffer.allocate((int) Math.max(length, Math.min(READ_AHEAD, size - offset)));
        fill(room, offset);
        windowOffset = offset;
        return room.flip();
    }

    private void fill(ByteBuffer to, long offset) {
        // an earlier interrupt would close the channel; it must not prevent reading
        boolean interrupted = Thread.interrupted();
        try {
            for (long at = offset; to.hasRemaining(); ) {
                int count = Objects.requireNonNull(channel).read(to, at);
                if (count < 0) {
                    throw new CheckpointException("was truncated to " + at + " of its " + size
                            + " bytes while it was being read: load it again after it was written completely");
                }
                at += count;
            }
        } catch (ClosedByInterruptException e) {
            throw new CheckpointException("cannot be read: this thread was interrupted", e);
        } catch (IOException e) {
            throw new CheckpointException("cannot be read: " + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns a storage over a part of the file, or with a copy of it. */
    public UntypedStorage slice(long offset, long length) {
        return bytes == null ? copy(offset, length) : bytes.slice(offset, length);
    }

    /** Returns a storage with a copy of a part of the file. */
    public UntypedStorage copy(long offset, long length) {
        UntypedStorage copy = UntypedStorage.allocate(length);
        boolean whole = false;
        try {
            for (long done = 0; done < length; done += COPIED) {
                int count = (int) Math.min(COPIED, length - done);
                ByteBuffer to = LentBytes.of(copy, done, count);
                if (channel == null) {
                    to.put(at(offset + done, count));
                } else {
                    fill(to, offset + done);
                }
            }
            whole = true;
            return copy;
        } finally {
            if (!whole) {
                copy.close();
            }
        }
    }

    /** Closes this object. Parts of the mapping stay valid. */
    @Override
    public void close() {
        window = null;
        if (bytes != null) {
            bytes.close();
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new CheckpointException("cannot be closed: " + e.getMessage(), e);
            }
        }
    }
}
