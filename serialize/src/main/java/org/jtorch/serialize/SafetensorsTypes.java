package org.jtorch.serialize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;

/** The safetensors format's names for dtypes, in the order in which its library ranks them: wider ones later. */
final class SafetensorsTypes {

    private static final Map<String, DType> DTYPES = new HashMap<>();
    private static final List<DType> RANKS = new ArrayList<>();
    private static final Map<DType, String> NAMES = new HashMap<>();

    static {
        add("BOOL", DType.BOOL);
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
        NAMES.put(dtype, name);
        RANKS.add(dtype);
    }

    /** The dtype called {@code name}, or null. */
    static @Nullable DType dtype(String name) {
        return DTYPES.get(name);
    }

    /** The name of {@code dtype}, or null where it has none. */
    static @Nullable String name(DType dtype) {
        return NAMES.get(dtype);
    }

    /** Tensors of a higher rank stand first in a file. */
    static int rank(DType dtype) {
        return RANKS.indexOf(dtype);
    }
}
