package org.jtorch.serialize.internal.pickle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Size;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Checks the keys of a dict, or the members of a set, before they are written. Each must have a type that Python allows for
 * keys, and no two may be equal in Python. Java distinguishes {@code 1L}, {@code 1.0} and {@code true}, but Python does
 * not: one of them would be lost.
 */
public final class EqualKeys {

    /** The form of None. */
    private static final Object NONE = new Object();

    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private final int most;
    private int count;

    private EqualKeys(Limits limits) {
        most = limits.keyValues();
    }

    /**
     * Checks the keys of {@code dict}.
     *
     * @throws CheckpointException if one cannot be a key, or two are equal in Python
     */
    static void check(Map<?, ?> dict, Limits limits) {
        new EqualKeys(limits).all(dict.keySet(), "key of a dict", "a dict has the keys ");
    }

    /** Checks the members of a set, as {@link #check(Map, Limits)} checks keys. */
    static void check(Set<?> set, Limits limits) {
        new EqualKeys(limits).all(set, "member of a set", "a set has the members ");
    }

    private void all(Collection<?> keys, String what, String both) {
        Map<Object, @Nullable Object> seen = new HashMap<>();
        for (Object key : keys) {
            count = 0;
            Object form = form(key, what);
            if (seen.containsKey(form)) {
                throw new CheckpointException(both + shown(seen.get(form)) + " and " + shown(key)
                        + ", which are equal in Python: keep one of them");
            }
            seen.put(form, key);
        }
    }

    private static String shown(@Nullable Object key) {
        String text = key instanceof byte[] || key instanceof ByteBuffer ? "bytes" : String.valueOf(key);
        String cut = text.length() > 100 ? text.substring(0, 100) + "..." : text;
        return cut + " (" + (key == null ? "null" : key.getClass().getSimpleName()) + ")";
    }

    /** Returns an object that is equal for two keys if they are equal in Python. */
    private Object form(@Nullable Object key, String what) {
        if (++count > most) {
            throw new CheckpointException("a key of more than " + most + " values");
        }
        if (key == null) {
            return NONE;
        }
        if (key instanceof Boolean bool) {
            return bool ? 1L : 0L;
        }
        if (key instanceof Long || key instanceof Integer || key instanceof Short || key instanceof Byte) {
            return ((Number) key).longValue();
        }
        if (key instanceof BigInteger big) {
            return integer(big);
        }
        if (key instanceof Double || key instanceof Float) {
            return number(((Number) key).doubleValue());
        }
        if (key instanceof Complex complex) {
            return complex(complex);
        }
        if (key instanceof NumpyScalar scalar) {
            return scalar.dtype().equals("float32") && scalar.value() instanceof Number value
                    ? number(value.floatValue())
                    : form(scalar.value(), what);
        }
        if (key instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        }
        if (key instanceof Tuple tuple) {
            return forms(tuple.values(), what);
        }
        if (key instanceof Size size) {
            return forms(size, what);
        }
        if (key instanceof FrozenSet set) {
            return new HashSet<>(forms(set, what));
        }
        if (key instanceof String
                || key instanceof ByteBuffer
                || key instanceof DType
                || key instanceof Device
                || key instanceof Layout
                // Python compares these by identity unless their class overrides that
                || key instanceof PythonObject) {
            return key;
        }
        throw new CheckpointException("a " + key.getClass().getTypeName() + " cannot be a " + what
                + " in Python: use a String, a number, or a Tuple of them");
    }

    private List<Object> forms(Iterable<?> values, String what) {
        List<Object> forms = new ArrayList<>();
        for (Object value : values) {
            forms.add(form(value, what));
        }
        return forms;
    }

    private static Object integer(BigInteger value) {
        return value.compareTo(MIN) >= 0 && value.compareTo(MAX) <= 0 ? (Object) value.longValue() : value;
    }

    private static Object number(double value) {
        if (Double.isNaN(value)) {
            // not equal to anything, not even to itself
            return new Object();
        }
        return Double.isInfinite(value) || value != Math.rint(value)
                ? (Object) value
                : integer(new BigDecimal(value).toBigInteger());
    }

    private static Object complex(Complex value) {
        return value.imag() == 0
                ? number(value.real())
                : List.of("complex", number(value.real()), number(value.imag()));
    }
}
