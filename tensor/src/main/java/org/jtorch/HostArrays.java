package org.jtorch;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Modes;

/** Copies between Java's arrays and tensors. */
final class HostArrays {

    /** The default options of integer factories. */
    static final TensorOptions INT64 = TensorOptions.of(DType.INT64);

    private static final org.bytedeco.pytorch.@Nullable TensorOptions[] OPTIONS =
            new org.bytedeco.pytorch.TensorOptions[DType.values().length];

    private HostArrays() {}

    /** Returns the engine's options for {@code dtype} on the CPU, which are created once and never freed. */
    static org.bytedeco.pytorch.TensorOptions options(DType dtype) {
        org.bytedeco.pytorch.TensorOptions options = OPTIONS[dtype.ordinal()];
        if (options == null) {
            options = TensorOptions.of(dtype).handle();
            OPTIONS[dtype.ordinal()] = options;
        }
        return options;
    }

    /** Returns the engine's optional of {@code value}, which is created once and never freed. */
    static BoolOptional optional(boolean value) {
        int index = value ? 1 : 0;
        BoolOptional current = BOOLS[index];
        if (current == null) {
            current = new BoolOptional(value);
            BOOLS[index] = current;
        }
        return current;
    }

    private static final @Nullable BoolOptional[] BOOLS = new BoolOptional[2];

    /** Returns the dtype for arrays of {@code element}, or null if it is not an element type. */
    private static @Nullable DType dtypeOf(Class<?> element) {
        if (element == float.class) {
            return DType.FLOAT32;
        } else if (element == double.class) {
            return DType.FLOAT64;
        } else if (element == long.class) {
            return DType.INT64;
        } else if (element == int.class) {
            return DType.INT32;
        } else if (element == short.class) {
            return DType.INT16;
        } else if (element == byte.class) {
            return DType.INT8;
        } else if (element == boolean.class) {
            return DType.BOOL;
        }
        return null;
    }

    // --- to tensors --------------------------------------------------------------------------------------------

    /** Returns a tensor of a number, a boolean, a flat array or a nested array. */
    static Tensor tensor(Object data, TensorOptions options) {
        if (data instanceof Boolean truth) {
            return full(truth ? 1 : 0, DType.BOOL, options);
        } else if (data instanceof Number number) {
            boolean integral = number instanceof Long
                    || number instanceof Integer
                    || number instanceof Short
                    || number instanceof Byte;
            return full(number, integral ? DType.INT64 : DType.FLOAT32, options);
        }
        Class<?> element = data.getClass();
        int dims = 0;
        while (element.isArray()) {
            element = element.getComponentType();
            dims++;
        }
        DType dtype = dtypeOf(element);
        if (dtype == null || dims == 0) {
            throw new IllegalArgumentException(
                    "cannot make a tensor of a " + data.getClass().getSimpleName()
                            + "; give a number, a boolean, or an array (nested to any depth) of float, double, long, int, short, byte or"
                            + " boolean");
        }
        long[] shape = shapeOf(data, dims);
        return build(shape, dtype, options, handle -> fill(handle, data, shape));
    }

    /** Returns a tensor of a flat array in a shape. */
    static Tensor tensor(Object flat, long[] shape, TensorOptions options) {
        Class<?> element = flat.getClass().getComponentType();
        DType dtype = element == null ? null : dtypeOf(element);
        if (dtype == null) {
            throw new IllegalArgumentException("a shape needs a flat array of numbers or booleans, not a "
                    + flat.getClass().getSimpleName());
        }
        long needed = Shapes.numel(shape);
        int length = Array.getLength(flat);
        if (needed != length) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " has " + needed + " elements, but the array has " + length);
        }
        return build(shape, dtype, options, handle -> {
            if (length > 0) {
                put(handle.data_ptr(), 0, flat);
            }
        });
    }

    private static Tensor full(Number value, DType natural, TensorOptions options) {
        TensorOptions typed = options.dtype() == null ? options.dtype(natural) : options;
        Modes.apply();
        try {
            return Ops.own(torch.torch_scalar_tensor(Ops.scalar(value), typed.handle()));
        } catch (RuntimeException e) {
            throw Ops.failure("scalar_tensor", e);
        }
    }

    /** Fills a new tensor of the engine with values. */
    interface Filler {
        void fill(org.bytedeco.pytorch.Tensor handle);
    }

    /** Creates a tensor of {@code natural} on the CPU, fills it, and converts it as {@code options} require. */
    static Tensor build(long[] shape, DType natural, TensorOptions options, Filler filler) {
        Modes.apply();
        try {
            org.bytedeco.pytorch.Tensor handle = torch.empty(shape, options(natural), Ops.memoryFormatOptional(null));
            filler.fill(handle);
            DType dtype = options.dtype() == null ? natural : options.dtype();
            Device device = options.device() == null ? Device.CPU : options.device();
            if (dtype != natural || !device.equals(Device.CPU)) {
                try (var on = device.handle();
                        org.bytedeco.pytorch.Tensor made = handle) {
                    handle = made.to(on, dtype.scalarType);
                }
            }
            if (Boolean.TRUE.equals(options.requiresGrad())) {
                handle.requires_grad_(true);
            }
            return Ops.own(handle);
        } catch (RuntimeException e) {
            throw Ops.failure("tensor", e);
        }
    }

    /** Returns the lengths of the first row at each depth. If one is empty, the lengths inside of it are 0. */
    private static long[] shapeOf(Object data, int dims) {
        long[] shape = new long[dims];
        Object level = data;
        for (int d = 0; d < dims && level != null; d++) {
            int length = Array.getLength(level);
            shape[d] = length;
            level = d + 1 < dims && length > 0 ? ((Object[]) level)[0] : null;
        }
        return shape;
    }

    private static void fill(org.bytedeco.pytorch.Tensor handle, Object data, long[] shape) {
        long numel = Shapes.numel(shape);
        Pointer base = numel == 0 ? null : handle.data_ptr();
        fill(base, data, shape, 0, 0, new ArrayList<>());
    }

    private static long fill(
            @Nullable Pointer base, @Nullable Object row, long[] shape, int dim, long at, List<Integer> path) {
        if (row == null) {
            throw new IllegalArgumentException("the array is null at index " + path);
        }
        int length = Array.getLength(row);
        if (length != shape[dim]) {
            throw new IllegalArgumentException(
                    "expected sequence of length " + shape[dim] + " at dim " + dim + " (got " + length + "), at index "
                            + path + ": the rows of a tensor must have the same length; pad the shorter ones");
        }
        if (dim == shape.length - 1) {
            if (base != null) {
                put(base, at, row);
            }
            return at + length;
        }
        long next = at;
        for (int i = 0; i < length; i++) {
            path.add(i);
            next = fill(base, ((Object[]) row)[i], shape, dim + 1, next, path);
            path.remove(path.size() - 1);
        }
        return next;
    }

    /** Copies a flat array to {@code base}, beginning at element {@code at}. */
    @SuppressWarnings("resource") // pointers into a tensor's memory do not own it
    private static void put(Pointer base, long at, Object row) {
        if (row instanceof float[] values) {
            new FloatPointer(base).position(at).put(values, 0, values.length);
        } else if (row instanceof double[] values) {
            new DoublePointer(base).position(at).put(values, 0, values.length);
        } else if (row instanceof long[] values) {
            new LongPointer(base).position(at).put(values, 0, values.length);
        } else if (row instanceof int[] values) {
            new IntPointer(base).position(at).put(values, 0, values.length);
        } else if (row instanceof short[] values) {
            new ShortPointer(base).position(at).put(values, 0, values.length);
        } else if (row instanceof byte[] values) {
            new BytePointer(base).position(at).put(values, 0, values.length);
        } else {
            boolean[] values = (boolean[]) row;
            byte[] bytes = new byte[values.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (values[i] ? 1 : 0);
            }
            new BytePointer(base).position(at).put(bytes, 0, bytes.length);
        }
    }

    // --- from tensors -- ----------------------------------------------------------------------------------------

    static float[] toFloatArray(Tensor tensor) {
        float[] out = new float[length(tensor)];
        try (HostView view = HostView.of(tensor, DType.FLOAT32)) {
            if (out.length > 0) {
                new FloatPointer(view.pointer()).get(out, 0, out.length);
            }
        }
        return out;
    }

    static double[] toDoubleArray(Tensor tensor) {
        double[] out = new double[length(tensor)];
        try (HostView view = HostView.of(tensor, DType.FLOAT64)) {
            if (out.length > 0) {
                new DoublePointer(view.pointer()).get(out, 0, out.length);
            }
        }
        return out;
    }

    static long[] toLongArray(Tensor tensor) {
        long[] out = new long[length(tensor)];
        try (HostView view = HostView.of(tensor, DType.INT64)) {
            if (out.length > 0) {
                new LongPointer(view.pointer()).get(out, 0, out.length);
            }
        }
        return out;
    }

    static int[] toIntArray(Tensor tensor) {
        int[] out = new int[length(tensor)];
        try (HostView view = HostView.of(tensor, DType.INT32)) {
            if (out.length > 0) {
                new IntPointer(view.pointer()).get(out, 0, out.length);
            }
        }
        return out;
    }

    static short[] toShortArray(Tensor tensor) {
        short[] out = new short[length(tensor)];
        try (HostView view = HostView.of(tensor, DType.INT16)) {
            if (out.length > 0) {
                new ShortPointer(view.pointer()).get(out, 0, out.length);
            }
        }
        return out;
    }

    static byte[] toByteArray(Tensor tensor) {
        byte[] out = new byte[length(tensor)];
        // Java holds unsigned bytes, such as those of images and files, in a byte array
        DType dtype = tensor.dtype() == DType.UINT8 ? DType.UINT8 : DType.INT8;
        try (HostView view = HostView.of(tensor, dtype)) {
            if (out.length > 0) {
                new BytePointer(view.pointer()).get(out, 0, out.length);
            }
        }
        return out;
    }

    static boolean[] toBooleanArray(Tensor tensor) {
        byte[] bytes = new byte[length(tensor)];
        try (HostView view = HostView.of(tensor, DType.BOOL)) {
            if (bytes.length > 0) {
                new BytePointer(view.pointer()).get(bytes, 0, bytes.length);
            }
        }
        boolean[] out = new boolean[bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes[i] != 0;
        }
        return out;
    }

    private static int length(Tensor tensor) {
        long numel = tensor.numel();
        if (numel > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "a Java array cannot hold " + numel
                            + " elements; copy pieces of the tensor (narrow), or read its memory with byteBuffer(offset, length)");
        }
        return (int) numel;
    }
}
