package org.jtorch.serialize.internal.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Writes bytes to a channel. Small pieces are buffered; large ones are written directly. */
public final class ByteSink {

    private static final int GATHER = 1 << 20;

    /** The size from which pieces are not buffered. */
    private static final int LARGE = 1 << 16;

    private final WritableByteChannel channel;
    private final ByteBuffer gathered = ByteBuffer.allocateDirect(GATHER).order(ByteOrder.LITTLE_ENDIAN);
    private long position;
    private @Nullable CRC32 checksum;

    /** Creates a sink at the start of {@code channel}. */
    public ByteSink(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Returns the number of bytes that were written. */
    public long position() {
        return position;
    }

    /** Updates {@code newChecksum} with everything that is written from here on. */
    public void count(CRC32 newChecksum) {
        checksum = newChecksum;
    }

    /** Writes the remaining bytes of {@code bytes}. */
    public void write(ByteBuffer bytes) throws IOException {
        if (checksum != null) {
            checksum.update(bytes.duplicate());
        }
        position += bytes.remaining();
        if (bytes.remaining() >= LARGE) {
            flush();
            drain(bytes);
            return;
        }
        if (bytes.remaining() > gathered.remaining()) {
            flush();
        }
        gathered.put(bytes);
    }

    /** Returns a little-endian buffer of {@code count} bytes, which the caller must fill. */
    ByteBuffer room(int count) throws IOException {
        if (count > gathered.remaining()) {
            flush();
        }
        position += count;
        return gathered;
    }

    /** Writes the buffered bytes to the channel. */
    public void flush() throws IOException {
        drain(gathered.flip());
        gathered.clear();
    }

    private void drain(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
