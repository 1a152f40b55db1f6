package org.jtorch.serialize.internal.elements;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;

/** The safetensors format's names for dtypes, in the order of its library: wider types later. */
public final class SafetensorsTypes {

    /** The dtype whose elements are pairs in PyTorch, but single numbers in the format. */
    public static final DType PAIRS = DType.FLOAT4_E2M1FN_X2;

    private static final Map<String, DType> DTYPES = new HashMap<>();
    private static final Map<String, Integer> BITS = new HashMap<>();
    private static final List<DType> RANKS = new ArrayList<>();
    private static final Map<DType, String> NAMES = new HashMap<>();

    static {
        add("BOOL", DType.BOOL);
        add("F4", PAIRS);
        BITS.put("F4", 4);
        // types that the format has and PyTorch does not
        BITS.put("F6_E2M3", 6);
        BITS.put("F6_E3M2", 6);
        add("U8", DType.UINT8);
        add("I8", DType.INT8);
        add("F8_E5M2", DType.FLOAT8_E5M2);
        add("F8_E4M3", DType.FLOAT8_E4M3FN);
        add("F8_E8M0", DType.FLOAT8_E8M0FNU);
        add("F8_E4M3FNUZ", DType.FLOAT8_E4M3FNUZ);
        add("F8_E5M2FNUZ", DType.FLOAT8_E5M2FNUZ);
        add("I16", DType.INT16);
        add("U16", DType.UINT16);
        add("F16", DType.FLOAT16);
        add("BF16", DType.BFLOAT16);
        add("I32", DType.INT32);
        add("U32", DType.UINT32);
        add("F32", DType.FLOAT32);
        add("C64", DType.COMPLEX64);
        add("F64", DType.FLOAT64);
        add("I64", DType.INT64);
        add("U64", DType.UINT64);
    }

    private SafetensorsTypes() {}

    private static void add(String name, DType dtype) {
        DTYPES.put(name, dtype);
        BITS.put(name, Byte.SIZE * dtype.itemSize());
        NAMES.put(dtype, name);
        RANKS.add(dtype);
    }

    /** Returns the number of bits of an element of the type {@code name}, or 0 if the type is not known. */
    public static int bits(String name) {
        return BITS.getOrDefault(name, 0);
    }

    /** Returns the shape in the format. */
    public static long[] stated(DType dtype, long[] shape) {
        long[] stated = shape.clone();
        if (dtype == PAIRS) {
            stated[stated.length - 1] *= 2;
        }
        return stated;
    }

    /** Returns the shape in PyTorch, or null if the last size is odd, so that there is none. */
    public static long @Nullable [] packed(DType dtype, long[] stated) {
        long[] shape = stated.clone();
        if (dtype == PAIRS) {
            if (shape.length == 0 || shape[shape.length - 1] % 2 != 0) {
                return null;
            }
            shape[shape.length - 1] /= 2;
        }
        return shape;
    }

    /** Returns the dtype of the type {@code name}, or null. */
    public static @Nullable DType dtype(String name) {
        return DTYPES.get(name);
    }

    /** Returns the name for {@code dtype}, or null if there is none. */
    public static @Nullable String name(DType dtype) {
        return NAMES.get(dtype);
    }

    /** Returns the rank of a dtype. Tensors of a higher rank come first in a file. */
    public static int rank(DType dtype) {
        return RANKS.indexOf(dtype);
    }
}
