package org.jtorch.internal;

import java.nio.ByteBuffer;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.engine.Doors;

/**
 * Buffers over a storage that do not keep its memory, for the modules of this project. A buffer of {@link
 * UntypedStorage#buffer} keeps the memory until the collector finds the buffer, which is too late for code that processes a
 * large file in pieces.
 */
public final class LentBytes {

    private static final Doors.Storages<UntypedStorage> DOOR = Doors.storages(UntypedStorage.class);

    private LentBytes() {}

    /**
     * Returns a buffer as {@link UntypedStorage#buffer}. The storage must stay open and reachable as long as the buffer is
     * used.
     *
     * @throws IndexOutOfBoundsException if the part is not within the storage
     */
    public static ByteBuffer of(UntypedStorage storage, long offset, int length) {
        return DOOR.lend(storage, offset, length);
    }
}
