package org.jtorch.serialize.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A channel to a new file. While data is written, a second thread forces what was written before to the disk, so that
 * little is left at the end.
 */
public final class DurableChannel implements WritableByteChannel {

    /** The number of bytes after which data is forced: efficient for the disk, and small compared with a large file. */
    private static final long STEP = 32L << 20;

    /**
     * The greatest number of bytes in one write. While data is being forced, Linux is much slower, sometimes by seconds, if
     * several mebibytes are written in one call rather than in pieces.
     */
    private static final int MOST = 1 << 20;

    private final FileChannel channel;
    private long pending;
    private @Nullable CompletableFuture<Void> forcing;

    /** Creates a channel over an open channel at its start. */
    public DurableChannel(FileChannel channel) {
        this.channel = channel;
    }

    /** Writes at most a mebibyte. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int limit = bytes.limit();
        bytes.limit(Math.min(limit, bytes.position() + MOST));
        int count;
        try {
            count = channel.write(bytes);
        } finally {
            bytes.limit(limit);
        }
        pending += count;
        if (pending >= STEP && (forcing == null || forcing.isDone())) {
            await();
            pending = 0;
            forcing = start();
        }
        return count;
    }

    /** Overwrites what was written at {@code position}. */
    public void overwrite(long position, ByteBuffer bytes) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
    }

    private CompletableFuture<Void> start() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        channel.force(false);
                        result.complete(null);
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "jtorch-checkpoint-writer");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private void await() throws IOException {
        CompletableFuture<Void> current = forcing;
        if (current == null) {
            return;
        }
        forcing = null;
        try {
            current.get();
        } catch (ExecutionException e) {
            // the same failure, reported later: the system may cache bytes for which the disk has no space
            Throwable cause = Objects.requireNonNull(e.getCause());
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing", e);
        }
    }

    /** Waits until everything that was written is on the disk. */
    public void force() throws IOException {
        await();
        channel.force(true);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
