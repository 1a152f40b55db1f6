package org.jtorch.serialize.internal.elements;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;

/** PyTorch's typed storage classes, by which a file states the type of a storage's elements. Newer dtypes have none. */
public final class StorageType {

    /** The class of storages without a type. */
    public static final String UNTYPED = "UntypedStorage";

    private static final Map<String, DType> DTYPES = new HashMap<>();
    private static final EnumSet<DType> WITHOUT = EnumSet.of(
            DType.UINT16,
            DType.UINT32,
            DType.UINT64,
            DType.COMPLEX32,
            DType.FLOAT8_E5M2,
            DType.FLOAT8_E4M3FN,
            DType.FLOAT8_E5M2FNUZ,
            DType.FLOAT8_E4M3FNUZ,
            DType.FLOAT8_E8M0FNU,
            DType.FLOAT4_E2M1FN_X2,
            DType.BITS8,
            DType.BITS16,
            DType.BITS1X8,
            DType.BITS2X4,
            DType.BITS4X2);
    private static final Map<DType, String> NAMES = new EnumMap<>(DType.class);

    static {
        add("DoubleStorage", DType.FLOAT64);
        add("FloatStorage", DType.FLOAT32);
        add("HalfStorage", DType.FLOAT16);
        add("BFloat16Storage", DType.BFLOAT16);
        add("LongStorage", DType.INT64);
        add("IntStorage", DType.INT32);
        add("ShortStorage", DType.INT16);
        add("CharStorage", DType.INT8);
        add("ByteStorage", DType.UINT8);
        add("BoolStorage", DType.BOOL);
        add("ComplexDoubleStorage", DType.COMPLEX128);
        add("ComplexFloatStorage", DType.COMPLEX64);
        // TorchScript's names for types that have no class in Python
        DTYPES.put("ComplexHalfStorage", DType.COMPLEX32);
        for (DType dtype : WITHOUT) {
            String name = dtype.torchName().replaceFirst("^uint", "UInt");
            DTYPES.putIfAbsent(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Storage", dtype);
        }
        // storages of quantized tensors, which are records
        DTYPES.put("QInt8Storage", DType.QINT8);
        DTYPES.put("QUInt8Storage", DType.QUINT8);
        DTYPES.put("QInt32Storage", DType.QINT32);
        DTYPES.put("QUInt4x2Storage", DType.QUINT4X2);
        DTYPES.put("QUInt2x4Storage", DType.QUINT2X4);
    }

    private StorageType() {}

    private static void add(String name, DType dtype) {
        DTYPES.put(name, dtype);
        NAMES.put(dtype, name);
    }

    /** Returns the dtype of the storage class {@code torch.name}, or null if there is none. */
    public static @Nullable DType dtype(String name) {
        return DTYPES.get(name);
    }

    /** Returns the storage class of {@code dtype} in {@code torch}, or null if there is none. */
    public static @Nullable String name(DType dtype) {
        return NAMES.get(dtype);
    }

    /** Returns the storage class of any dtype that has one, including quantized ones. */
    public static String className(DType dtype) {
        return DTYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == dtype)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(UNTYPED);
    }

    /** Returns whether {@code name} is a storage class with its module, such as {@code torch.FloatStorage}. */
    public static boolean isClass(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return name.startsWith("torch.") && (simple.equals(UNTYPED) || DTYPES.containsKey(simple));
    }

    /** Returns the type of a storage's elements without its tensors: for a quantized storage, that of its integers. */
    public static DType elements(DType dtype) {
        return switch (dtype) {
            case QINT8 -> DType.INT8;
            case QINT32 -> DType.INT32;
            case QUINT8, QUINT4X2, QUINT2X4 -> DType.UINT8;
            default -> dtype;
        };
    }

    /** Returns whether PyTorch saves {@code dtype} in storages without a type. */
    public static boolean isUntyped(DType dtype) {
        return WITHOUT.contains(dtype);
    }
}
