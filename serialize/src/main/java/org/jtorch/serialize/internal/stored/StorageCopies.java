package org.jtorch.serialize.internal.stored;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jtorch.DType;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;

/** Changes bytes of a file that were copied into memory. */
public final class StorageCopies {

    private static final int PIECE = 1 << 24;

    private StorageCopies() {}

    /** Swaps the bytes of each number in place. A complex number consists of two. */
    public static void swap(UntypedStorage storage, DType dtype) {
        int size = numberSize(dtype);
        for (long done = 0; size > 1 && done < storage.nbytes(); done += PIECE) {
            ByteBuffer little = LentBytes.of(storage, done, (int) Math.min(PIECE, storage.nbytes() - done));
            ByteBuffer big = little.duplicate().order(ByteOrder.BIG_ENDIAN);
            for (int at = 0; at <= little.capacity() - size; at += size) {
                switch (size) {
                    case 2 -> little.putShort(at, big.getShort(at));
                    case 4 -> little.putInt(at, big.getInt(at));
                    default -> little.putLong(at, big.getLong(at));
                }
            }
        }
    }

    /** Returns the number of bytes of one number: half of an element if it is complex. */
    public static int numberSize(DType dtype) {
        return dtype.isComplex() ? dtype.itemSize() / 2 : dtype.itemSize();
    }
}
