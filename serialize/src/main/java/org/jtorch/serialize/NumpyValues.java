package org.jtorch.serialize;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.pickle.Arguments;
import org.jtorch.serialize.pickle.Internal;
import org.jtorch.serialize.pickle.Kinds;

/** numpy's arrays and scalars of numbers, as its own pickles make them. */
final class NumpyValues {

    private static final int MAX_DIMENSIONS = 64;

    /** A numpy dtype while a pickle makes it. */
    private static final class Type implements Internal {
        private final String name;
        private final int itemSize;
        private boolean bigEndian;

        Type(String code) {
            String known = NumpyTypes.name(code);
            if (known == null) {
                throw new CheckpointException("a numpy array is of type '"
                        + code.substring(0, Math.min(20, code.length())) + "'; only numbers are read");
            }
            name = known;
            itemSize = NumpyTypes.itemSize(code);
        }

        /** Bytes of one number. */
        int numberSize() {
            return name.startsWith("complex") ? itemSize / 2 : itemSize;
        }

        @Override
        public String description() {
            return "the numpy dtype " + name;
        }
    }

    private final CopyBudget copies;

    NumpyValues(CopyBudget copies) {
        this.copies = copies;
    }

    void addTo(BiConsumer<String, Function<Arguments, @Nullable Object>> names) {
        for (String core : List.of("numpy.core", "numpy._core")) {
            names.accept(core + ".multiarray._reconstruct", a -> {
                a.expect(3, 3);
                return new NumpyArray();
            });
            names.accept(core + ".multiarray.scalar", this::scalar);
            names.accept(core + ".numeric._frombuffer", this::fromBuffer);
        }
        names.accept(
                "numpy.dtype", a -> new Type(a.expect(1, 3).get(0, String.class).replaceFirst("^[<|=]", "")));
        names.accept("numpy.ndarray", a -> {
            throw new CheckpointException("the pickle calls numpy.ndarray, which is not read");
        });
    }

    /** Sets the state of an array or a dtype. */
    boolean build(Object object, @Nullable Object state) {
        if (!(object instanceof Type) && !(object instanceof NumpyArray)) {
            return false;
        }
        if (!(state instanceof Tuple tuple)) {
            throw new CheckpointException("the state of a numpy value is " + Kinds.of(state) + " and no tuple");
        }
        if (object instanceof Type type) {
            // (version, byte order, subarray, names, fields, ...)
            Arguments parts = new Arguments("the state of a numpy dtype", tuple.values());
            if (parts.count() < 2) {
                throw new CheckpointException("the state of a numpy dtype is cut short");
            }
            type.bigEndian = parts.get(1, String.class).equals(">");
        } else {
            // (version, shape, dtype, Fortran order, bytes)
            Arguments parts = new Arguments("the state of a numpy array", tuple.values()).expect(5, 5);
            set((NumpyArray) object, parts, 1, parts.get(2, Type.class), parts.bool(3), bytes(parts, 4));
        }
        return true;
    }

    /** {@code _frombuffer(bytes, dtype, shape, order)}: how protocol 5 makes arrays. */
    private NumpyArray fromBuffer(Arguments arguments) {
        Type type = arguments.expect(4, 4).get(1, Type.class);
        boolean fortran = arguments.get(3, String.class).equals("F");
        NumpyArray array = new NumpyArray();
        set(array, arguments, 2, type, fortran, bytes(arguments, 0));
        return array;
    }

    private byte[] bytes(Arguments arguments, int index) {
        // Python 2 has bytes as str
        copies.take(arguments.get(index) instanceof String text ? text.length() : 0);
        return arguments.get(index) instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : arguments.get(index, byte[].class);
    }

    private void set(NumpyArray array, Arguments parts, int shapeIndex, Type type, boolean fortran, byte[] bytes) {
        long[] shape = parts.integers(shapeIndex);
        long numel = 1;
        boolean fits = shape.length <= MAX_DIMENSIONS;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] >= 0 && (shape[i] == 0 || numel <= Integer.MAX_VALUE / shape[i]);
            numel *= shape[i];
        }
        if (!fits || numel * type.itemSize != bytes.length) {
            throw new CheckpointException("a numpy array of " + type.name + " has " + bytes.length
                    + " bytes, which is not what its shape says");
        }
        copies.take(type.bigEndian || fortran ? 2L * bytes.length : 0);
        byte[] little = type.bigEndian ? swapped(bytes, type.numberSize()) : bytes;
        array.set(type.name, shape, fortran ? rowMajor(little, shape, type.itemSize) : little);
    }

    private static byte[] swapped(byte[] bytes, int size) {
        byte[] swapped = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            swapped[i / size * size + size - 1 - i % size] = bytes[i];
        }
        return swapped;
    }

    /** The same elements with the last index changing fastest. */
    private static byte[] rowMajor(byte[] columnMajor, long[] shape, int itemSize) {
        byte[] result = new byte[columnMajor.length];
        int numel = columnMajor.length / itemSize;
        for (int to = 0; to < numel; to++) {
            int rest = to;
            int[] index = new int[shape.length];
            for (int i = shape.length - 1; i >= 0; i--) {
                index[i] = (int) (rest % shape[i]);
                rest /= (int) shape[i];
            }
            int from = 0;
            for (int i = shape.length - 1; i >= 0; i--) {
                from = from * (int) shape[i] + index[i];
            }
            System.arraycopy(columnMajor, from * itemSize, result, to * itemSize, itemSize);
        }
        return result;
    }

    /** {@code scalar(dtype, bytes)}. */
    private Object scalar(Arguments arguments) {
        Type type = arguments.expect(2, 2).get(0, Type.class);
        byte[] bytes = bytes(arguments, 1);
        if (bytes.length != type.itemSize) {
            throw new CheckpointException("a numpy " + type.name + " has " + bytes.length + " bytes");
        }
        ByteBuffer number =
                ByteBuffer.wrap(bytes).order(type.bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return switch (type.name) {
            // which are Python's own types, by inheritance
            case "float64" -> number.getDouble();
            case "complex128" -> new Complex(number.getDouble(), number.getDouble());
            default -> new NumpyScalar(type.name, value(type.name, number));
        };
    }

    private static Object value(String type, ByteBuffer number) {
        return switch (type) {
            case "bool" -> number.get() != 0;
            case "int8" -> (long) number.get();
            case "uint8" -> (long) Byte.toUnsignedInt(number.get());
            case "int16" -> (long) number.getShort();
            case "uint16" -> (long) Short.toUnsignedInt(number.getShort());
            case "int32" -> (long) number.getInt();
            case "uint32" -> Integer.toUnsignedLong(number.getInt());
            case "int64" -> number.getLong();
            case "uint64" -> unsigned(number.getLong());
            case "float16" -> HalfFloats.value(number.getShort());
            case "float32" -> (double) number.getFloat();
            case "complex64" -> new Complex(number.getFloat(), number.getFloat());
            default -> throw new CheckpointException("a numpy scalar is of type " + type);
        };
    }

    private static Number unsigned(long bits) {
        if (bits >= 0) {
            return bits;
        }
        return new BigInteger(Long.toUnsignedString(bits));
    }
}
