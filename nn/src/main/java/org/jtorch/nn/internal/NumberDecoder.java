package org.jtorch.nn.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.UntypedStorage;

/** Reads elements of one dtype from memory as float64; of complex dtypes, their parts. Safe for use by several threads. */
final class NumberDecoder {

    private static final Map<DType, float[]> TABLES = new EnumMap<>(DType.class);

    /** The number of values copied from memory at a time. */
    private static final int BLOCK = 1024;

    private final DType dtype;

    /** The value of each bit pattern, for dtypes of one or two bytes. */
    private final float @Nullable [] table;

    private NumberDecoder(DType dtype, float @Nullable [] table) {
        this.dtype = dtype;
        this.table = table;
    }

    /**
     * Returns a decoder for a dtype.
     *
     * @param dtype a real type
     * @throws UnsupportedOperationException if its elements are not numbers, or the dtype is not supported
     */
    static NumberDecoder of(DType dtype) {
        return switch (dtype) {
            case FLOAT32, FLOAT64, INT32, INT64, UINT32, UINT64 -> new NumberDecoder(dtype, null);
            case BOOL,
                    UINT8,
                    INT8,
                    UINT16,
                    INT16,
                    FLOAT16,
                    BFLOAT16,
                    FLOAT8_E5M2,
                    FLOAT8_E4M3FN,
                    FLOAT8_E5M2FNUZ,
                    FLOAT8_E4M3FNUZ,
                    FLOAT8_E8M0FNU -> new NumberDecoder(dtype, table(dtype));
            default ->
                throw new UnsupportedOperationException(
                        "elements of " + dtype + " cannot be read as numbers, only compared bit for bit");
        };
    }

    /** Returns the dtype of the parts of a complex dtype, or {@code dtype} itself if it is real. */
    static DType part(DType dtype) {
        return switch (dtype) {
            case COMPLEX32 -> DType.FLOAT16;
            case COMPLEX64 -> DType.FLOAT32;
            case COMPLEX128 -> DType.FLOAT64;
            default -> dtype;
        };
    }

    /** Returns whether the dtype has values that float64 cannot distinguish. */
    boolean isWide() {
        return dtype == DType.INT64 || dtype == DType.UINT64;
    }

    /** Returns the size of a value in bytes. */
    int itemSize() {
        return dtype.itemSize();
    }

    /**
     * Reads values.
     *
     * @param from the memory; its position and limit are ignored
     * @param at the offset of the first value in bytes
     * @param step the distance from one value to the next in bytes
     * @param to the array to write to
     * @param first the index in {@code to} of the first value
     * @param count the number of values
     */
    void read(ByteBuffer from, int at, int step, double[] to, int first, int count) {
        if (table != null) {
            look(from, at, step, table, to, first, count);
        } else if (dtype == DType.FLOAT32 && step == Float.BYTES) {
            floats(from, at, to, first, count);
        } else if (dtype == DType.FLOAT64 && step == Double.BYTES) {
            slice(from, at, count * Double.BYTES).asDoubleBuffer().get(to, first, count);
        } else {
            single(from, at, step, to, first, count);
        }
    }

    private static ByteBuffer slice(ByteBuffer from, int at, int length) {
        return from.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void floats(ByteBuffer from, int at, double[] to, int first, int count) {
        float[] copy = new float[Math.min(count, BLOCK)];
        for (int done = 0; done < count; done += BLOCK) {
            int here = Math.min(BLOCK, count - done);
            slice(from, at + done * Float.BYTES, here * Float.BYTES)
                    .asFloatBuffer()
                    .get(copy, 0, here);
            for (int i = 0; i < here; i++) {
                to[first + done + i] = copy[i];
            }
        }
    }

    private void look(ByteBuffer from, int at, int step, float[] values, double[] to, int first, int count) {
        if (dtype.itemSize() == 1) {
            for (int i = 0; i < count; i++) {
                to[first + i] = values[from.get(at + i * step) & 0xff];
            }
        } else {
            for (int i = 0; i < count; i++) {
                to[first + i] = values[from.getShort(at + i * step) & 0xffff];
            }
        }
    }

    private void single(ByteBuffer from, int at, int step, double[] to, int first, int count) {
        for (int i = 0; i < count; i++) {
            int place = at + i * step;
            to[first + i] = switch (dtype) {
                case FLOAT32 -> from.getFloat(place);
                case FLOAT64 -> from.getDouble(place);
                case INT32 -> from.getInt(place);
                case UINT32 -> Integer.toUnsignedLong(from.getInt(place));
                case UINT64 -> unsigned(from.getLong(place));
                default -> from.getLong(place);
            };
        }
    }

    /**
     * Returns the distance of two 64-bit values, without rounding them before the subtraction.
     *
     * @param a the bits of the first value
     * @param b the bits of the second value
     */
    double distance(long a, long b) {
        boolean less = dtype == DType.UINT64 ? Long.compareUnsigned(a, b) < 0 : a < b;
        return unsigned(less ? b - a : a - b);
    }

    /** Returns the value of 64 bits. */
    double value(long bits) {
        return dtype == DType.UINT64 ? unsigned(bits) : bits;
    }

    private static double unsigned(long bits) {
        // The last bit is merged into the one before it, so that rounding is correct.
        return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
    }

    private static float[] table(DType dtype) {
        synchronized (TABLES) {
            float[] known = TABLES.get(dtype);
            if (known == null) {
                known = computed(dtype);
                TABLES.put(dtype, known);
            }
            return known;
        }
    }

    private static float[] computed(DType dtype) {
        if (dtype == DType.BOOL) {
            float[] truth = new float[256];
            Arrays.fill(truth, 1, 256, 1); // The engine treats every other byte as true.
            return truth;
        }
        int count = 1 << (8 * dtype.itemSize());
        try (TensorScope scope = new TensorScope();
                UntypedStorage bits = UntypedStorage.allocate((long) count * dtype.itemSize())) {
            ByteBuffer bytes = bits.buffer(0, count * dtype.itemSize()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < count; i++) {
                if (dtype.itemSize() == 1) {
                    bytes.put(i, (byte) i);
                } else {
                    bytes.putShort(2 * i, (short) i);
                }
            }
            Tensor all = bits.tensor(dtype, 0, new long[] {count}, new long[] {1});
            return all.to(DType.FLOAT32).toFloatArray();
        }
    }
}
