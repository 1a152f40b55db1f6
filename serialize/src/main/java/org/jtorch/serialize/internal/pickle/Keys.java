package org.jtorch.serialize.internal.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
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
import org.jtorch.serialize.format.TensorInfo;
import org.jtorch.serialize.python.Complex;
import org.jtorch.serialize.python.FrozenSet;
import org.jtorch.serialize.python.NumpyScalar;
import org.jtorch.serialize.python.PythonGlobal;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Puts keys into dicts and members into sets. Keys are values that do not change; bytes, which Java compares by identity, become
 * a read-only {@link ByteBuffer}. A large key that is used again and again, and many keys of one hash, would cost the square of
 * the file's size: both are bounded.
 */
public final class Keys {

    /** What is hashed and compared in any case, in characters and bytes. */
    private static final long FREE = 1L << 26;

    /** Entries of a container that may have any hash. */
    private static final int FEW = 100;

    private final Limits limits;
    private final Map<Object, Map<Integer, Integer>> crowded = new IdentityHashMap<>();
    private long left;
    private int count;

    /** For the containers of a pickle of {@code pickleBytes} bytes. */
    public Keys(Limits limits, long pickleBytes) {
        this.limits = limits;
        left = FREE + 64 * pickleBytes;
    }

    /**
     * Puts {@code value} under {@code key}.
     *
     * @throws CheckpointException if {@code key} cannot be one
     */
    public void put(Map<@Nullable Object, @Nullable Object> dict, @Nullable Object key, @Nullable Object value) {
        Object checked = check(key);
        int size = dict.size();
        dict.put(checked, value);
        if (size >= FEW && dict.size() > size) {
            spread(dict, checked);
        }
    }

    /**
     * Adds a member.
     *
     * @throws CheckpointException if {@code value} cannot be one
     */
    public void add(Set<@Nullable Object> set, @Nullable Object value) {
        Object checked = check(value);
        if (set.add(checked) && set.size() > FEW) {
            spread(set, checked);
        }
    }

    /** Strings of one hash are told apart quickly, by their order; nothing else is as a rule. */
    private void spread(Object container, @Nullable Object key) {
        if (key == null || key instanceof String) {
            return;
        }
        int same = crowded.computeIfAbsent(container, c -> new HashMap<>()).merge(key.hashCode(), 1, Integer::sum);
        if (same > limits.keyCollisions()) {
            throw new CheckpointException(
                    "a dict or set has more than " + limits.keyCollisions() + " keys of the same hash");
        }
    }

    /** What {@code key} is as a key: itself, or with bytes as buffers. */
    private @Nullable Object check(@Nullable Object key) {
        if (key instanceof String text) {
            charge(text.length());
            return text;
        }
        if (key instanceof Long) {
            return key;
        }
        count = 0;
        return convert(key);
    }

    private void charge(long amount) {
        left -= amount;
        if (left < 0) {
            throw new CheckpointException("the file uses large keys again and again, many times its size in all");
        }
    }

    private @Nullable Object convert(@Nullable Object value) {
        Object key = value instanceof Internal internal ? internal.record() : value;
        // bounds the recursion as well: what is inside of another is counted before it is gone into
        if (++count > limits.keyValues()) {
            throw new CheckpointException("a key of more than " + limits.keyValues() + " values");
        }
        charge(1);
        if (key instanceof byte[] bytes) {
            charge(length(ByteBuffer.wrap(bytes)));
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }
        if (key instanceof Tuple tuple) {
            List<@Nullable Object> values = new ArrayList<>();
            boolean same = true;
            for (Object element : tuple.values()) {
                Object converted = convert(element);
                same &= converted == element;
                values.add(converted);
            }
            return same ? tuple : new Tuple(values);
        }
        if (key instanceof FrozenSet set) {
            // its members are keys already, but there may be many of them, inside of each other
            set.forEach(this::convert);
            return set;
        }
        boolean plain = key == null
                || key instanceof String
                || key instanceof Long
                || key instanceof BigInteger
                || key instanceof Double
                || key instanceof Boolean
                || key instanceof ByteBuffer
                || key instanceof Complex
                || key instanceof Size
                || key instanceof DType
                || key instanceof Device
                || key instanceof Layout
                || key instanceof NumpyScalar
                || key instanceof PythonGlobal
                // which Python compares by identity, as long as their classes do not say otherwise
                || key instanceof PythonObject
                || key instanceof TensorInfo;
        if (!plain) {
            throw new CheckpointException(Kinds.of(key) + " cannot be a key or a member of a set");
        }
        charge(length(key));
        return key;
    }

    private static long length(@Nullable Object key) {
        if (key instanceof String text) {
            return text.length();
        }
        if (key instanceof ByteBuffer bytes) {
            // hashed byte by byte, each time anew
            return 8L * bytes.remaining();
        }
        if (key instanceof BigInteger integer) {
            return integer.bitLength() / Byte.SIZE;
        }
        return key instanceof Size size ? size.toArray().length : 0;
    }
}
