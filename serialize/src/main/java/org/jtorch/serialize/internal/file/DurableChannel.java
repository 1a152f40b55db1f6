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
 * A new file on its way to the disk. What was written is brought there by a second thread while more is written, so that
 * little is left to wait for at the end.
 */
public final class DurableChannel implements WritableByteChannel {

    /** Bytes after which the disk gets to work: large enough for it, and little beside a large file. */
    private static final long STEP = 32L << 20;

    /**
     * Bytes that the system is given at once. Beside a running force, Linux takes several mebibytes at once far slower, now and
     * then by seconds, than the same in pieces.
     */
    private static final int MOST = 1 << 20;

    private final FileChannel channel;
    private long pending;
    private @Nullable CompletableFuture<Void> forcing;

    /** Over a channel that is open, at its start. */
    public DurableChannel(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes a mebibyte at most. */
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

    /** Writes over what was written at {@code position}. */
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
            // the same failure, noticed later: a disk may take bytes into its cache and find no place for them then
            Throwable cause = Objects.requireNonNull(e.getCause());
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing", e);
        }
    }

    /** Returns once everything that was written is on the disk. */
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
