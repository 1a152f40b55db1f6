package org.jtorch;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Doors;

/** The type of a tensor's elements. {@link #toString()} returns PyTorch's name, such as {@code torch.float32}. */
public enum DType {
    /** 8-bit unsigned integer. */
    UINT8("uint8", ScalarType.Byte, 1),
    /** 8-bit signed integer. */
    INT8("int8", ScalarType.Char, 1),
    /** 16-bit signed integer. */
    INT16("int16", ScalarType.Short, 2),
    /** 32-bit signed integer. */
    INT32("int32", ScalarType.Int, 4),
    /** 64-bit signed integer. */
    INT64("int64", ScalarType.Long, 8),
    /** IEEE half precision. */
    FLOAT16("float16", ScalarType.Half, 2),
    /** IEEE single precision; the default. */
    FLOAT32("float32", ScalarType.Float, 4),
    /** IEEE double precision. */
    FLOAT64("float64", ScalarType.Double, 8),
    /** Complex number of two float16. */
    COMPLEX32("complex32", ScalarType.ComplexHalf, 4),
    /** Complex number of two float32. */
    COMPLEX64("complex64", ScalarType.ComplexFloat, 8),
    /** Complex number of two float64. */
    COMPLEX128("complex128", ScalarType.ComplexDouble, 16),
    /** Boolean, one byte. */
    BOOL("bool", ScalarType.Bool, 1),
    /** Quantized 8-bit signed integer. */
    QINT8("qint8", ScalarType.QInt8, 1),
    /** Quantized 8-bit unsigned integer. */
    QUINT8("quint8", ScalarType.QUInt8, 1),
    /** Quantized 32-bit signed integer. */
    QINT32("qint32", ScalarType.QInt32, 4),
    /** bfloat16: float32's range with 8 bits of precision. */
    BFLOAT16("bfloat16", ScalarType.BFloat16, 2),
    /** Two quantized 4-bit unsigned integers in a byte. */
    QUINT4X2("quint4x2", ScalarType.QUInt4x2, 1),
    /** Four quantized 2-bit unsigned integers in a byte. */
    QUINT2X4("quint2x4", ScalarType.QUInt2x4, 1),
    /** Eight uninterpreted 1-bit values in a byte. */
    BITS1X8("bits1x8", ScalarType.Bits1x8, 1),
    /** Four uninterpreted 2-bit values in a byte. */
    BITS2X4("bits2x4", ScalarType.Bits2x4, 1),
    /** Two uninterpreted 4-bit values in a byte. */
    BITS4X2("bits4x2", ScalarType.Bits4x2, 1),
    /** Uninterpreted 8 bits. */
    BITS8("bits8", ScalarType.Bits8, 1),
    /** Uninterpreted 16 bits. */
    BITS16("bits16", ScalarType.Bits16, 2),
    /** 8-bit float, 5 bits of exponent. */
    FLOAT8_E5M2("float8_e5m2", ScalarType.Float8_e5m2, 1),
    /** 8-bit float, 4 bits of exponent, finite. */
    FLOAT8_E4M3FN("float8_e4m3fn", ScalarType.Float8_e4m3fn, 1),
    /** 8-bit float, 5 bits of exponent, no negative zero. */
    FLOAT8_E5M2FNUZ("float8_e5m2fnuz", ScalarType.Float8_e5m2fnuz, 1),
    /** 8-bit float, 4 bits of exponent, no negative zero. */
    FLOAT8_E4M3FNUZ("float8_e4m3fnuz", ScalarType.Float8_e4m3fnuz, 1),
    /** 16-bit unsigned integer. */
    UINT16("uint16", ScalarType.UInt16, 2),
    /** 32-bit unsigned integer. */
    UINT32("uint32", ScalarType.UInt32, 4),
    /** 64-bit unsigned integer. */
    UINT64("uint64", ScalarType.UInt64, 8),
    /** 1-bit unsigned integer, stored in one byte. */
    UINT1("uint1", ScalarType.UInt1, 1),
    /** 2-bit unsigned integer, stored in one byte. */
    UINT2("uint2", ScalarType.UInt2, 1),
    /** 3-bit unsigned integer, stored in one byte. */
    UINT3("uint3", ScalarType.UInt3, 1),
    /** 4-bit unsigned integer, stored in one byte. */
    UINT4("uint4", ScalarType.UInt4, 1),
    /** 5-bit unsigned integer, stored in one byte. */
    UINT5("uint5", ScalarType.UInt5, 1),
    /** 6-bit unsigned integer, stored in one byte. */
    UINT6("uint6", ScalarType.UInt6, 1),
    /** 7-bit unsigned integer, stored in one byte. */
    UINT7("uint7", ScalarType.UInt7, 1),
    /** 1-bit signed integer, stored in one byte. */
    INT1("int1", ScalarType.Int1, 1),
    /** 2-bit signed integer, stored in one byte. */
    INT2("int2", ScalarType.Int2, 1),
    /** 3-bit signed integer, stored in one byte. */
    INT3("int3", ScalarType.Int3, 1),
    /** 4-bit signed integer, stored in one byte. */
    INT4("int4", ScalarType.Int4, 1),
    /** 5-bit signed integer, stored in one byte. */
    INT5("int5", ScalarType.Int5, 1),
    /** 6-bit signed integer, stored in one byte. */
    INT6("int6", ScalarType.Int6, 1),
    /** 7-bit signed integer, stored in one byte. */
    INT7("int7", ScalarType.Int7, 1),
    /** 8-bit power of two, the scale of microscaling formats. */
    FLOAT8_E8M0FNU("float8_e8m0fnu", ScalarType.Float8_e8m0fnu, 1),
    /** Two 4-bit floats in a byte. */
    FLOAT4_E2M1FN_X2("float4_e2m1fn_x2", ScalarType.Float4_e2m1fn_x2, 1);

    private static final DType[] BY_CODE = new DType[128];

    static {
        for (DType dtype : values()) {
            BY_CODE[dtype.scalarType.value] = dtype;
        }
        Doors.open(DType.class, new Doors.DTypes<DType>() {
            @Override
            public ScalarType scalarType(DType dtype) {
                return dtype.scalarType;
            }

            @Override
            public DType of(ScalarType type) {
                return DType.of(type);
            }
        });
    }

    private final String torchName;
    private final int itemSize;
    final ScalarType scalarType;
    private @Nullable ScalarTypeOptional optional;

    DType(String torchName, ScalarType scalarType, int itemSize) {
        this.torchName = torchName;
        this.scalarType = scalarType;
        this.itemSize = itemSize;
    }

    /** Returns the dtype for the engine's type. */
    static DType of(ScalarType type) {
        DType dtype = BY_CODE[type.value];
        if (dtype == null) {
            throw new TorchException("jtorch does not know the engine's element type " + type);
        }
        return dtype;
    }

    /**
     * Returns the dtype with the given PyTorch name.
     *
     * @param name {@code float32} or {@code torch.float32}
     * @throws IllegalArgumentException if no dtype has that name
     */
    public static DType of(String name) {
        String bare = name.startsWith("torch.") ? name.substring("torch.".length()) : name;
        for (DType dtype : values()) {
            if (dtype.torchName.equals(bare)) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("no dtype is called '" + name + "'; names are PyTorch's, such as float32");
    }

    /** Returns the engine's optional of this dtype, which is created once and never freed. */
    ScalarTypeOptional optional() {
        ScalarTypeOptional current = optional;
        if (current == null) {
            current = new ScalarTypeOptional(scalarType);
            optional = current;
        }
        return current;
    }

    /** Returns the number of bytes of an element. */
    public int itemSize() {
        return itemSize;
    }

    /** Returns PyTorch's name without {@code torch.}, such as {@code float32}. */
    public String torchName() {
        return torchName;
    }

    /** Returns whether this is a real floating-point type. */
    public boolean isFloatingPoint() {
        return torchName.startsWith("float") || this == BFLOAT16;
    }

    /** Returns whether this is a complex type. */
    public boolean isComplex() {
        return torchName.startsWith("complex");
    }

    @Override
    public String toString() {
        return "torch." + torchName;
    }
}
