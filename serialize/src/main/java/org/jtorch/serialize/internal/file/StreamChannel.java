package org.jtorch.serialize.internal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A channel to a stream, which it never closes, also not if the thread is interrupted. */
public final class StreamChannel implements WritableByteChannel {

    private final OutputStream stream;
    private final byte[] piece = new byte[1 << 16];

    public StreamChannel(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        while (bytes.hasRemaining()) {
            int length = Math.min(piece.length, bytes.remaining());
            bytes.get(piece, 0, length);
            stream.write(piece, 0, length);
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // the stream is the caller's
    }
}
