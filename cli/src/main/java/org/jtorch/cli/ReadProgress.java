package org.jtorch.cli;

import java.util.Collection;
import java.util.function.LongConsumer;

/** The progress of reading the tensors of a file; see {@link ByteProgress}. */
final class ReadProgress implements AutoCloseable {

    private final ByteProgress bar = new ByteProgress();
    private final long total;
    private final long most;
    private long done;
    private long before;
    private long share;
    private String key = "";

    private ReadProgress(long total, long most) {
        this.total = total;
        this.most = most;
    }

    /**
     * Returns a progress for tensors.
     *
     * @param sizes the size of each tensor in bytes
     * @param most the greatest number of bytes read for a tensor, whatever its shape
     */
    static ReadProgress of(Collection<Long> sizes, long most) {
        return new ReadProgress(
                sizes.stream().mapToLong(size -> Math.min(size, most)).sum(), most);
    }

    /**
     * Advances to the next tensor.
     *
     * @return receives the number of bytes that were read, from any thread
     */
    synchronized LongConsumer next(String nextKey, long size) {
        before += share;
        done = before;
        share = Math.min(size, most);
        key = nextKey;
        show();
        return this::read;
    }

    private synchronized void read(long bytes) {
        done = Math.min(done + bytes, before + share);
        show();
    }

    private void show() {
        bar.at(key, done, total);
    }

    @Override
    public synchronized void close() {
        if (before + share > 0) {
            done = total;
            key = "";
            show();
        }
        bar.close();
    }
}
