package org.jtorch.data.sources;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of numbers or booleans, each in as many bytes as its type has. */
final class NumberColumn implements Column {

    /** The type of the values. */
    enum Kind {
        BOOLEAN(1),
        INT(4),
        LONG(8),
        FLOAT(4),
        DOUBLE(8);

        private final int bytes;

        Kind(int bytes) {
            this.bytes = bytes;
        }
    }

    private static final int BLOCK = 1 << 13;

    private final Kind kind;
    private final List<ByteBuffer> blocks = new ArrayList<>();
    private final BitSet missing = new BitSet();
    private long size;

    NumberColumn(Kind kind) {
        this.kind = kind;
    }

    long size() {
        return size;
    }

    @Override
    public void add(@Nullable Object value) {
        if (size % BLOCK == 0) {
            blocks.add(ByteBuffer.allocate(BLOCK * kind.bytes));
        }
        ByteBuffer block = blocks.get(blocks.size() - 1);
        int at = (int) (size % BLOCK) * kind.bytes;
        if (value == null) {
            missing.set(Math.toIntExact(size));
        } else {
            switch (kind) {
                case BOOLEAN -> block.put(at, (byte) ((Boolean) value ? 1 : 0));
                case INT -> block.putInt(at, ((Number) value).intValue());
                case LONG -> block.putLong(at, ((Number) value).longValue());
                case FLOAT -> block.putFloat(at, (Float) value);
                case DOUBLE -> block.putDouble(at, (Double) value);
            }
        }
        size++;
    }

    @Override
    public @Nullable Object get(int index) {
        return at(index);
    }

    /** Returns a value of a column that may have more than an int can count. */
    @Nullable
    Object at(long index) {
        if (index <= Integer.MAX_VALUE && missing.get((int) index)) {
            return null;
        }
        ByteBuffer block = blocks.get((int) (index / BLOCK));
        int at = (int) (index % BLOCK) * kind.bytes;
        return switch (kind) {
            case BOOLEAN -> block.get(at) != 0;
            case INT -> block.getInt(at);
            case LONG -> block.getLong(at);
            case FLOAT -> block.getFloat(at);
            case DOUBLE -> block.getDouble(at);
        };
    }
}
