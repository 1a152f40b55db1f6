package org.jtorch.export.internal.pt2;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.MemoryFormat;
import org.jtorch.export.graph.DeviceName;
import org.jtorch.export.graph.ExportException;

/** The numbers of dtypes, layouts and memory formats in {@code torch.export}'s schema. */
public final class SchemaTypes {

    private static final Map<Integer, DType> DTYPES = new HashMap<>();
    private static final Map<DType, Integer> NUMBERS = new EnumMap<>(DType.class);

    static {
        add(1, DType.UINT8);
        add(2, DType.INT8);
        add(3, DType.INT16);
        add(4, DType.INT32);
        add(5, DType.INT64);
        add(6, DType.FLOAT16);
        add(7, DType.FLOAT32);
        add(8, DType.FLOAT64);
        add(9, DType.COMPLEX32);
        add(10, DType.COMPLEX64);
        add(11, DType.COMPLEX128);
        add(12, DType.BOOL);
        add(13, DType.BFLOAT16);
        add(28, DType.UINT16);
        add(29, DType.FLOAT8_E4M3FN);
        add(30, DType.FLOAT8_E5M2);
        add(31, DType.FLOAT8_E4M3FNUZ);
        add(32, DType.FLOAT8_E5M2FNUZ);
        add(33, DType.FLOAT8_E8M0FNU);
        add(34, DType.UINT32);
        add(35, DType.UINT64);
    }

    private static final Layout[] LAYOUTS = {
        null,
        Layout.SPARSE_COO,
        Layout.SPARSE_CSR,
        Layout.SPARSE_CSC,
        Layout.SPARSE_BSR,
        Layout.SPARSE_BSC,
        Layout.MKLDNN,
        Layout.STRIDED
    };

    private static final MemoryFormat[] MEMORY_FORMATS = {
        null,
        MemoryFormat.CONTIGUOUS_FORMAT,
        MemoryFormat.CHANNELS_LAST,
        MemoryFormat.CHANNELS_LAST_3D,
        MemoryFormat.PRESERVE_FORMAT
    };

    private SchemaTypes() {}

    private static void add(int number, DType dtype) {
        DTYPES.put(number, dtype);
        NUMBERS.put(dtype, number);
    }

    /** Returns the dtype with a number. */
    public static DType dtype(int number) {
        DType dtype = DTYPES.get(number);
        if (dtype == null) {
            throw unknown("type of elements", number);
        }
        return dtype;
    }

    /** Returns the number of a dtype. */
    public static int number(DType dtype) {
        Integer number = NUMBERS.get(dtype);
        if (number == null) {
            throw new ExportException("tensors of " + dtype + " cannot be exported");
        }
        return number;
    }

    /** Returns the layout with a number. */
    public static Layout layout(int number) {
        return at(LAYOUTS, number, "layout");
    }

    /** Returns the number of a layout. */
    public static int number(Layout layout) {
        return indexOf(LAYOUTS, layout);
    }

    /** Returns the memory format with a number. */
    public static MemoryFormat memoryFormat(int number) {
        return at(MEMORY_FORMATS, number, "memory format");
    }

    /** Returns the number of a memory format. */
    public static int number(MemoryFormat format) {
        return indexOf(MEMORY_FORMATS, format);
    }

    /** Returns the name of a device. */
    public static DeviceName name(Device device) {
        String text = device.toString();
        int colon = text.indexOf(':');
        return colon < 0
                ? new DeviceName(text, null)
                : new DeviceName(text.substring(0, colon), Integer.valueOf(text.substring(colon + 1)));
    }

    private static <E> E at(@Nullable E[] values, int number, String what) {
        E value = number < 0 || number >= values.length ? null : values[number];
        if (value == null) {
            throw unknown(what, number);
        }
        return value;
    }

    private static <E> int indexOf(@Nullable E[] values, E value) {
        for (int i = 0; i < values.length; i++) {
            if (value.equals(values[i])) {
                return i;
            }
        }
        throw new ExportException(value + " cannot be exported");
    }

    private static ExportException unknown(String what, int number) {
        return new ExportException(
                "the " + what + " with the number " + number + " is unknown: a newer PyTorch may have written it");
    }
}
