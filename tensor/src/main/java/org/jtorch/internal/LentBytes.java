package org.jtorch.internal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.jtorch.UntypedStorage;

/**
 * Buffers over a storage that do not keep its memory, for the modules of this project. What {@link UntypedStorage#buffer} gives
 * keeps the memory until the collector finds the buffer; code that goes through a large file piece by piece would wait for that.
 */
public final class LentBytes {

    /** Implemented beside {@link UntypedStorage}. */
    @FunctionalInterface
    public interface Access {

        /** See {@link LentBytes#of}. */
        ByteBuffer lend(UntypedStorage storage, long offset, int length);
    }

    private static @Nullable Access access;

    private LentBytes() {}

    /** Called once, by the class initialiser of {@link UntypedStorage}. */
    public static void install(Access implementation) {
        access = implementation;
    }

    /**
     * As {@link UntypedStorage#buffer}; the storage must stay open and reachable for as long as the buffer is used.
     *
     * @throws IndexOutOfBoundsException if the part reaches over the end
     */
    public static ByteBuffer of(UntypedStorage storage, long offset, int length) {
        Access current = access;
        if (current == null) {
            throw new IllegalStateException("UntypedStorage is not initialised");
        }
        return current.lend(storage, offset, length);
    }
}
