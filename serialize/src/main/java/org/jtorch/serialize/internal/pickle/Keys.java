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
 * Adds entries to dicts and members to sets. Keys are immutable values; bytes, which Java compares by identity, become a
 * read-only {@link ByteBuffer}. A large key that is used repeatedly, and many keys with the same hash, would take time
 * proportional to the square of the file's size, so both are limited.
 */
public final class Keys {

    /** The number of characters and bytes that are hashed and compared without limit. */
    private static final long FREE = 1L << 26;

    /** The number of entries of a container that may have any hash. */
    private static final int FEW = 100;

    private final Limits limits;
    private final Map<Object, Map<Integer, Integer>> crowded = new IdentityHashMap<>();
    private long left;
    private int count;

    /** Creates an object for the containers of a pickle of {@code pickleBytes} bytes. */
    public Keys(Limits limits, long pickleBytes) {
        this.limits = limits;
        left = FREE + 64 * pickleBytes;
    }

    /**
     * Adds an entry.
     *
     * @throws CheckpointException if {@code key} cannot be a key
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
     * @throws CheckpointException if {@code value} cannot be a member
     */
    public void add(Set<@Nullable Object> set, @Nullable Object value) {
        Object checked = check(value);
        if (set.add(checked) && set.size() > FEW) {
            spread(set, checked);
        }
    }

    /**
     * Counts keys with the same hash. Strings with the same hash are ordered, and therefore fast; other keys are usually
     * not.
     */
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

    /** Returns the key, with bytes as buffers. */
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
            throw new CheckpointException("the file uses large keys repeatedly, many times its size in total");
        }
    }

    private @Nullable Object convert(@Nullable Object value) {
        Object key = value instanceof Internal internal ? internal.record() : value;
        // also limits the recursion, since an inner value is counted before it is visited
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
            // its members are keys already, but may be many nested sets
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
                // Python compares these by identity unless their class overrides that
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
            // hashed byte by byte, each time again
            return 8L * bytes.remaining();
        }
        if (key instanceof BigInteger integer) {
            return integer.bitLength() / Byte.SIZE;
        }
        return key instanceof Size size ? size.toArray().length : 0;
    }
}
