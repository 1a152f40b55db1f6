package org.jtorch.serialize.internal.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.elements.HalfFloats;
import org.jtorch.serialize.internal.elements.NumpyTypes;
import org.jtorch.serialize.internal.elements.Strides;
import org.jtorch.serialize.internal.elements.Unfinished;
import org.jtorch.serialize.internal.file.CopyBudget;
import org.jtorch.serialize.internal.pickle.Arguments;
import org.jtorch.serialize.internal.pickle.Internal;
import org.jtorch.serialize.internal.pickle.Kinds;
import org.jtorch.serialize.internal.pickle.NotUnderstoodException;
import org.jtorch.serialize.internal.pickle.WrongArgumentsException;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Reads numpy's arrays and scalars from its pickles. Numbers, strs and bytes become values; everything else becomes a
 * record.
 */
public final class NumpyValues {

    private static final Unfinished.Arrays<NumpyArray> ARRAYS = Unfinished.arrays(NumpyArray.class);

    private static final int MAX_DIMENSIONS = 64;

    /** A numpy dtype while a pickle creates it. */
    private static final class Type implements Internal {

        /** {@code f4}, {@code U3}: a kind, and the number of bytes or characters of an element. */
        private final String code;

        /** numpy's name of a type of numbers; null for any other type. */
        private @Nullable String number;

        private final int itemSize;
        private boolean bigEndian;

        private @Nullable PythonObject record;

        /** Whether it has a state that is not understood. */
        private boolean isOdd;

        /** The parts of a dtype of fields or of small arrays; otherwise null. */
        private @Nullable Object structure;

        Type(String code) {
            this.code = code;
            number = NumpyTypes.name(code);
            itemSize = number == null ? 0 : NumpyTypes.itemSize(code);
        }

        /** Returns the number of bytes of one number. */
        int numberSize() {
            return code.startsWith("c") ? itemSize / 2 : itemSize;
        }

        /** Returns whether the elements are strs, such as {@code U3}. */
        boolean isText() {
            return !isOdd && code.matches("U[0-9]{1,8}");
        }

        /** Returns whether the elements are bytes, such as {@code S3}. */
        boolean isBytes() {
            return !isOdd && code.matches("S[0-9]{1,8}");
        }

        /** Returns the number of bytes of a str or bytes element. */
        int textSize() {
            int count = Integer.parseInt(code.substring(1));
            return isText() ? Integer.BYTES * count : count;
        }

        @Override
        public String description() {
            return "the numpy dtype " + code;
        }

        /** One object for all places at which it occurs. */
        @Override
        public PythonObject record() {
            PythonObject known = record;
            if (known == null) {
                known = new PythonObject("numpy.dtype", Tuple.of((bigEndian ? ">" : "") + code), Map.of());
                record = known;
            }
            known.setState(structure);
            return known;
        }
    }

    /** An array. A pickle first creates it, and then sets its contents. */
    private static final class Made implements Internal {

        /** A {@link NumpyArray} if its elements are numbers, otherwise a record. */
        private Object value = ARRAYS.make();

        @Override
        public String description() {
            return "a numpy array";
        }

        @Override
        public Object record() {
            return value;
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
                return new Made();
            });
            names.accept(core + ".multiarray.scalar", this::scalar);
            names.accept(core + ".numeric._frombuffer", this::fromBuffer);
        }
        names.accept("numpy.dtype", NumpyValues::type);
    }

    private static Type type(Arguments arguments) {
        String code = arguments.expect(1, 3).get(0, String.class);
        Type type = new Type(code.replaceFirst("^[<>|=]", ""));
        type.bigEndian = code.startsWith(">");
        return type;
    }

    /** Sets the state of an array or a dtype. */
    boolean build(Object object, @Nullable Object state) {
        try {
            if (object instanceof Type type) {
                setState(type, state);
            } else if (object instanceof Made made) {
                setState(made, state);
            } else {
                return false;
            }
        } catch (WrongArgumentsException | NotUnderstoodException e) {
            // subclasses have their own states
            keep(object, state);
        }
        return true;
    }

    /** Sets the state (version, byte order, subarray, names, fields, ...). */
    private static void setState(Type type, @Nullable Object state) {
        Arguments parts = new Arguments("the state of a numpy dtype", parts(state)).expect(2, Integer.MAX_VALUE);
        type.bigEndian = parts.get(1, String.class).equals(">");
        type.structure = type.number == null ? state : null;
    }

    /** Sets the state (version, shape, dtype, Fortran order, bytes or a list). */
    private void setState(Made made, @Nullable Object state) {
        Arguments parts = new Arguments("the state of a numpy array", parts(state)).expect(5, 5);
        made.value = parts.get(2) instanceof Type type && type.number != null
                ? numbers(parts, 1, type, parts.bool(3), bytes(parts, 4))
                : others(parts);
    }

    private static List<@Nullable Object> parts(@Nullable Object state) {
        if (!(state instanceof Tuple tuple)) {
            throw new NotUnderstoodException("the state of a numpy value is " + Kinds.of(state) + ", not a tuple");
        }
        return tuple.values();
    }

    /** Keeps a state that is not understood in a record. */
    private static void keep(Object object, @Nullable Object state) {
        if (object instanceof Type type) {
            type.number = null;
            type.isOdd = true;
            type.structure = state;
        } else if (object instanceof Made made) {
            PythonObject record = new PythonObject("numpy.ndarray", Tuple.EMPTY, Map.of());
            record.setState(state);
            made.value = record;
        }
    }

    /**
     * Returns a record for an array of other elements than numbers. It has the elements in row-major order, if they are
     * understood, or the state.
     */
    private PythonObject others(Arguments parts) {
        PythonObject array = new PythonObject("numpy.ndarray", Tuple.of(parts.get(1), parts.get(2)), Map.of());
        Object data = parts.get(4);
        if (data instanceof List<?> objects) {
            copies.take(objects.size());
            array.items().addAll(objects);
        } else if (parts.get(2) instanceof Type type && (type.isText() || type.isBytes())) {
            array.items().addAll(texts(parts, type, parts.bool(3)));
        } else {
            array.setState(data);
        }
        return array;
    }

    private List<Object> texts(Arguments parts, Type type, boolean fortran) {
        byte[] bytes = bytes(parts, 4);
        long[] shape = parts.integers(1);
        int size = type.textSize();
        checkSize(type.code, shape, size, bytes.length);
        copies.take(4L * bytes.length);
        byte[] ordered = fortran && size > 0 ? rowMajor(bytes, shape, size) : bytes;
        List<Object> texts = new ArrayList<>();
        for (int at = 0; size > 0 && at < ordered.length; at += size) {
            texts.add(text(type, Arrays.copyOfRange(ordered, at, at + size)));
        }
        return texts;
    }

    /** Returns a str or bytes element without the zeros at its end, with which numpy fills it. */
    private static Object text(Type type, byte[] element) {
        int unit = type.isText() ? Integer.BYTES : 1;
        int end = element.length;
        while (end >= unit && isZero(element, end - unit, end)) {
            end -= unit;
        }
        byte[] used = Arrays.copyOf(element, end);
        if (type.isBytes()) {
            return used;
        }
        ByteBuffer characters =
                ByteBuffer.wrap(used).order(type.bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        StringBuilder text = new StringBuilder();
        while (characters.hasRemaining()) {
            int point = characters.getInt();
            if (!Character.isValidCodePoint(point)) {
                throw new CheckpointException("a numpy str contains the character " + Integer.toUnsignedString(point)
                        + ", which does not exist");
            }
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the result of {@code _frombuffer(bytes, dtype, shape, order, axes)}, with which protocol 5 creates arrays. */
    private NumpyArray fromBuffer(Arguments arguments) {
        Type type = arguments.expect(4, 5).get(1, Type.class);
        if (type.number == null) {
            throw arguments.wrong(1, "a type of numbers");
        }
        String order = arguments.get(3, String.class);
        if (order.equals("K") && arguments.count() == 5 && arguments.get(4) != null) {
            return permuted(
                    numbers(arguments, 2, type, false, bytes(arguments, 0)), arguments.integers(4), type.itemSize);
        }
        return numbers(arguments, 2, type, order.equals("F"), bytes(arguments, 0));
    }

    /** Returns the array with its axes in another order, as numpy's {@code transpose(axes)}. */
    private NumpyArray permuted(NumpyArray array, long[] axes, int itemSize) {
        long[] from = array.shape();
        long[] strides = Strides.contiguous(from);
        long[] shape = new long[from.length];
        long[] steps = new long[from.length];
        boolean[] used = new boolean[from.length];
        if (axes.length != from.length) {
            throw new CheckpointException(
                    "a numpy array of " + from.length + " dimensions has " + axes.length + " axes");
        }
        for (int i = 0; i < axes.length; i++) {
            if (axes[i] < 0 || axes[i] >= from.length || used[(int) axes[i]]) {
                throw new CheckpointException("a numpy array has the axes " + Arrays.toString(axes));
            }
            used[(int) axes[i]] = true;
            shape[i] = from[(int) axes[i]];
            steps[i] = strides[(int) axes[i]];
        }
        byte[] bytes = array.bytes();
        copies.take(2L * bytes.length);
        NumpyArray permuted = ARRAYS.make();
        ARRAYS.set(permuted, array.dtype(), shape, gathered(bytes, shape, steps, itemSize));
        return permuted;
    }

    private byte[] bytes(Arguments arguments, int index) {
        // bytes are str in Python 2
        copies.take(arguments.get(index) instanceof String text ? text.length() : 0);
        return arguments.get(index) instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : arguments.get(index, byte[].class);
    }

    private NumpyArray numbers(Arguments parts, int shapeIndex, Type type, boolean fortran, byte[] bytes) {
        long[] shape = parts.integers(shapeIndex);
        checkSize(type.code, shape, type.itemSize, bytes.length);
        copies.take(type.bigEndian || fortran ? 2L * bytes.length : 0);
        byte[] little = type.bigEndian ? swapped(bytes, type.numberSize()) : bytes;
        NumpyArray array = ARRAYS.make();
        ARRAYS.set(
                array,
                Objects.requireNonNull(type.number),
                shape,
                fortran ? rowMajor(little, shape, type.itemSize) : little);
        return array;
    }

    private static void checkSize(String type, long[] shape, int itemSize, int length) {
        long numel = 1;
        boolean fits = shape.length <= MAX_DIMENSIONS;
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] >= 0 && (shape[i] == 0 || numel <= Integer.MAX_VALUE / shape[i]);
            numel *= shape[i];
        }
        if (!fits || numel * itemSize != length) {
            throw new CheckpointException(
                    "a numpy array of " + type + " has " + length + " bytes, which does not fit its shape");
        }
    }

    private static byte[] swapped(byte[] bytes, int size) {
        byte[] swapped = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            swapped[i / size * size + size - 1 - i % size] = bytes[i];
        }
        return swapped;
    }

    /** Returns the elements of a column-major array in row-major order. */
    private static byte[] rowMajor(byte[] columnMajor, long[] shape, int itemSize) {
        long[] steps = new long[shape.length];
        long step = 1;
        for (int i = 0; i < shape.length; i++) {
            steps[i] = step;
            step *= shape[i];
        }
        return gathered(columnMajor, shape, steps, itemSize);
    }

    /** Returns the elements with the strides {@code steps} along {@code shape} in row-major order. */
    private static byte[] gathered(byte[] from, long[] shape, long[] steps, int itemSize) {
        byte[] result = new byte[from.length];
        int[] index = new int[shape.length];
        long at = 0;
        for (int to = 0; to < from.length; to += itemSize) {
            System.arraycopy(from, (int) at * itemSize, result, to, itemSize);
            for (int i = shape.length - 1; i >= 0; i--) {
                at += steps[i];
                if (++index[i] < shape[i]) {
                    break;
                }
                at -= steps[i] * shape[i];
                index[i] = 0;
            }
        }
        return result;
    }

    /** Returns the result of {@code scalar(dtype, bytes)}. */
    private @Nullable Object scalar(Arguments arguments) {
        Type type = arguments.expect(2, 2).get(0, Type.class);
        if (type.code.equals("O8")) {
            return arguments.get(1);
        }
        byte[] bytes = bytes(arguments, 1);
        if (type.isText() || type.isBytes()) {
            checkSize(type.code, new long[0], type.textSize(), bytes.length);
            copies.take(4L * bytes.length);
            return text(type, bytes);
        }
        String number = type.number;
        if (number == null) {
            throw arguments.wrong(0, "a type of numbers, str or bytes");
        }
        if (bytes.length != type.itemSize) {
            throw new CheckpointException("a numpy " + number + " has " + bytes.length + " bytes");
        }
        ByteBuffer bits = ByteBuffer.wrap(bytes).order(type.bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return switch (number) {
            // these types are subclasses of Python's own types
            case "float64" -> bits.getDouble();
            case "complex128" -> new Complex(bits.getDouble(), bits.getDouble());
            default -> new NumpyScalar(number, value(number, bits));
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
