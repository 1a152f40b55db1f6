package org.jtorch.serialize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file whose mebibytes of zeros take no room on a disk that knows holes. */
final class SparseFile implements WritableByteChannel {

    private static final int HOLE = 1 << 20;

    private final FileChannel channel;

    SparseFile(Path path) throws IOException {
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        if (count == HOLE && bytes.mismatch(ByteBuffer.allocate(HOLE)) == -1) {
            channel.position(channel.position() + HOLE);
            bytes.position(bytes.limit());
            return count;
        }
        return channel.write(bytes);
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
