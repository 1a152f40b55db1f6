package org.jtorch.serialize;

import java.nio.ByteBuffer;
import org.jtorch.UntypedStorage;
import org.jtorch.serialize.zip.ByteSource;

/** Bytes of a file copied into memory, for those that cannot be used where they stand. */
final class StorageCopies {

    private static final int PIECE = 1 << 24;

    private StorageCopies() {}

    /** A storage of its own with {@code length} bytes of {@code source}. */
    static UntypedStorage copy(ByteSource source, long offset, long length) {
        UntypedStorage storage = UntypedStorage.allocate(length);
        for (long done = 0; done < length; done += PIECE) {
            int count = (int) Math.min(PIECE, length - done);
            ByteBuffer to = storage.buffer(done, count);
            to.put(source.at(offset + done, count));
        }
        return storage;
    }
}
