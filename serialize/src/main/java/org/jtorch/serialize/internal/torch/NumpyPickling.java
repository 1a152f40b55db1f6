package org.jtorch.serialize.internal.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.elements.HalfFloats;
import org.jtorch.serialize.internal.elements.NumpyTypes;
import org.jtorch.serialize.internal.pickle.Pickler;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.NumpyArray;
import org.jtorch.serialize.python.NumpyScalar;

/** Writes numpy's arrays and scalars of numbers as numpy pickles them. */
public final class NumpyPickling implements Pickler.Extension {

    /** A numpy dtype. There is one object for each type. */
    private record Type(String code) {

        static Type of(String dtype) {
            return new Type(NumpyTypes.code(dtype));
        }

        /** Returns numpy's mark of the byte order. Single bytes have none. */
        String byteOrder() {
            return code.endsWith("1") ? "|" : "<";
        }
    }

    /** The {@code b'b'} from which numpy creates each array before it sets its state. It is one object in Python. */
    private static final byte[] MADE_OF = {'b'};

    private final Map<String, Type> types = new HashMap<>();

    @Override
    public boolean save(Pickler pickler, Object value) {
        if (value instanceof NumpyArray array) {
            array(pickler, array);
        } else if (value instanceof NumpyScalar scalar) {
            scalar(pickler, scalar);
        } else if (value instanceof Type type) {
            type(pickler, type);
        } else {
            return false;
        }
        return true;
    }

    private Type type(String dtype) {
        return types.computeIfAbsent(dtype, Type::of);
    }

    /** Writes {@code _reconstruct(ndarray, (0,), b'b')}, and then the state: (version, shape, dtype, column-major, bytes). */
    private void array(Pickler pickler, NumpyArray array) {
        pickler.global("numpy._core.multiarray", "_reconstruct");
        pickler.global("numpy", "ndarray");
        pickler.integers(new long[] {0});
        pickler.save(MADE_OF);
        pickler.tupleOf(3);
        pickler.reduce(array);
        pickler.mark();
        pickler.integer(1);
        pickler.integers(array.shape());
        pickler.save(type(array.dtype()));
        pickler.bool(false);
        pickler.save(array.bytes());
        pickler.tupleFromMark();
        pickler.build();
    }

    /** Writes {@code scalar(dtype, bytes)}. */
    private void scalar(Pickler pickler, NumpyScalar scalar) {
        pickler.global("numpy._core.multiarray", "scalar");
        pickler.save(type(scalar.dtype()));
        pickler.save(bytes(scalar));
        pickler.tupleOf(2);
        pickler.reduce(scalar);
    }

    /** Writes {@code dtype(code, False, True)}, and then the state. */
    private static void type(Pickler pickler, Type type) {
        pickler.global("numpy", "dtype");
        pickler.string(type.code);
        pickler.bool(false);
        pickler.bool(true);
        pickler.tupleOf(3);
        pickler.reduce(type);
        pickler.mark();
        pickler.integer(3);
        pickler.string(type.byteOrder());
        pickler.save(null);
        pickler.save(null);
        pickler.save(null);
        pickler.integer(-1);
        pickler.integer(-1);
        pickler.integer(0);
        pickler.tupleFromMark();
        pickler.build();
    }

    private static byte[] bytes(NumpyScalar scalar) {
        String code = NumpyTypes.code(scalar.dtype());
        byte[] bytes = new byte[NumpyTypes.itemSize(code)];
        ByteBuffer to = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        Object value = scalar.value();
        try {
            switch (code) {
                case "b1" -> to.put((byte) ((Boolean) value ? 1 : 0));
                case "i1", "u1" -> to.put((byte) integer(value));
                case "i2", "u2" -> to.putShort((short) integer(value));
                case "i4", "u4" -> to.putInt((int) integer(value));
                case "i8", "u8" -> to.putLong(integer(value));
                case "f2" -> to.putShort(HalfFloats.bits(((Number) value).doubleValue()));
                case "f4" -> to.putFloat(((Number) value).floatValue());
                case "f8" -> to.putDouble(((Number) value).doubleValue());
                default -> complex(to, code, (Complex) value);
            }
        } catch (ClassCastException e) {
            throw new CheckpointException(
                    "a numpy " + scalar.dtype() + " cannot be " + value + ", a "
                            + value.getClass().getSimpleName(),
                    e);
        }
        return bytes;
    }

    private static long integer(Object value) {
        return value instanceof BigInteger big ? big.longValue() : (Long) value;
    }

    private static void complex(ByteBuffer to, String code, Complex value) {
        if (code.equals("c8")) {
            to.putFloat((float) value.real()).putFloat((float) value.imag());
        } else {
            to.putDouble(value.real()).putDouble(value.imag());
        }
    }
}
