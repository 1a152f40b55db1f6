package org.jtorch.serialize.internal.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Bytes on their way into a file: small pieces are gathered, large ones go there from where they are. */
public final class ByteSink {

    private static final int GATHER = 1 << 20;

    /** Pieces from this size on are not gathered. */
    private static final int LARGE = 1 << 16;

    private final WritableByteChannel channel;
    private final ByteBuffer gathered = ByteBuffer.allocateDirect(GATHER).order(ByteOrder.LITTLE_ENDIAN);
    private long position;
    private @Nullable CRC32 checksum;

    /** A sink at the start of {@code channel}. */
    public ByteSink(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** How many bytes were written. */
    public long position() {
        return position;
    }

    /** From here on {@code newChecksum} takes in what is written. */
    public void count(CRC32 newChecksum) {
        checksum = newChecksum;
    }

    /** Writes what remains in {@code bytes}. */
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

    /** Room for {@code count} bytes, which the caller must fill; little-endian. */
    ByteBuffer room(int count) throws IOException {
        if (count > gathered.remaining()) {
            flush();
        }
        position += count;
        return gathered;
    }

    /** Brings what was gathered to the channel. */
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
