package org.jtorch.data.sources;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of texts or of byte arrays. It needs the bytes of the values, with texts in UTF-8, and 4 bytes more for each.
 *
 * <p>Values are in blocks of a fixed number, so that a value is found by its index. The last block grows.
 */
final class BytesColumn implements Column {

    private static final int BLOCK = 256;

    /** Some values, one after the other. */
    private static final class Block {
        private byte[] bytes = new byte[BLOCK];
        private final int[] ends = new int[BLOCK];

        void add(int position, byte[] value) {
            int start = position == 0 ? 0 : ends[position - 1];
            int end = Math.addExact(start, value.length);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, 2L * bytes.length)));
            }
            System.arraycopy(value, 0, bytes, start, value.length);
            ends[position] = end;
            if (position == BLOCK - 1) {
                bytes = Arrays.copyOf(bytes, end);
            }
        }
    }

    private final boolean isText;
    private final List<Block> blocks = new ArrayList<>();
    private final BitSet missing = new BitSet();
    private int size;

    private BytesColumn(boolean isText) {
        this.isText = isText;
    }

    static BytesColumn ofText() {
        return new BytesColumn(true);
    }

    static BytesColumn ofBytes() {
        return new BytesColumn(false);
    }

    @Override
    public void add(@Nullable Object value) {
        if (value == null) {
            missing.set(size);
        }
        if (size % BLOCK == 0) {
            blocks.add(new Block());
        }
        byte[] bytes = value == null
                ? new byte[0]
                : isText ? value.toString().getBytes(StandardCharsets.UTF_8) : (byte[]) value;
        blocks.get(size / BLOCK).add(size % BLOCK, bytes);
        size = Math.addExact(size, 1);
    }

    @Override
    public @Nullable Object get(int index) {
        if (missing.get(index)) {
            return null;
        }
        Block block = blocks.get(index / BLOCK);
        int position = index % BLOCK;
        int start = position == 0 ? 0 : block.ends[position - 1];
        return isText
                ? new String(block.bytes, start, block.ends[position] - start, StandardCharsets.UTF_8)
                : Arrays.copyOfRange(block.bytes, start, block.ends[position]);
    }
}
