package org.jtorch.serialize.internal.zip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes that are looked at in place, wherever they are. */
public interface ByteSource {

    /** How many there are. */
    long size();

    /**
     * A part of them in little-endian order, its position at 0. The caller has checked that the part is there.
     *
     * @param offset where it starts
     * @param length how many bytes it has
     */
    ByteBuffer at(long offset, int length);

    /** The bytes of an array. */
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
