package org.jtorch.serialize.internal.zip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes that are read in place. */
public interface ByteSource {

    /** Returns the number of bytes. */
    long size();

    /**
     * Returns a part of the bytes in little-endian order, with its position at 0. The caller has checked that the part
     * exists.
     *
     * @param offset the offset of the part
     * @param length the number of bytes
     */
    ByteBuffer at(long offset, int length);

    /** Returns the bytes of an array. */
    static ByteSource of(byte[] bytes) {
        return new ByteSource() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ByteBuffer at(long offset, int length) {
                return ByteBuffer.wrap(bytes).slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);
            }
        };
    }
}
