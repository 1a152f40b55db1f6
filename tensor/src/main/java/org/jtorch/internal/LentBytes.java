package org.jtorch.internal;

import java.nio.ByteBuffer;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.engine.Doors;

/**
 * Buffers over a storage that do not keep its memory, for the modules of this project. What {@link UntypedStorage#buffer} gives
 * keeps the memory until the collector finds the buffer; code that goes through a large file piece by piece would wait for that.
 */
public final class LentBytes {

    private static final Doors.Storages<UntypedStorage> DOOR = Doors.storages(UntypedStorage.class);

    private LentBytes() {}

    /**
     * As {@link UntypedStorage#buffer}; the storage must stay open and reachable for as long as the buffer is used.
     *
     * @throws IndexOutOfBoundsException if the part reaches over the end
     */
    public static ByteBuffer of(UntypedStorage storage, long offset, int length) {
        return DOOR.lend(storage, offset, length);
    }
}
