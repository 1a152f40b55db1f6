package org.jtorch.serialize.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.serialize.CheckpointException;
import org.jtorch.serialize.Complex;
import org.jtorch.serialize.FrozenSet;
import org.jtorch.serialize.NumpyScalar;
import org.jtorch.serialize.PythonGlobal;
import org.jtorch.serialize.Size;
import org.jtorch.serialize.Tuple;

/**
 * Which values may be keys of dicts and members of sets: those that do not change, and whose hash is quickly made. bytes,
 * which Java compares by identity, become a read-only {@link ByteBuffer}.
 */
public final class Keys {

    private final int limit;
    private int count;

    private Keys(int limit) {
        this.limit = limit;
    }

    /**
     * What {@code key} is as a key: itself, or with bytes as buffers.
     *
     * @param limit how many values may be in it
     * @throws CheckpointException where it cannot be one
     */
    public static @Nullable Object check(@Nullable Object key, int limit) {
        return key instanceof String || key instanceof Long ? key : new Keys(limit).convert(key);
    }

    private @Nullable Object convert(@Nullable Object key) {
        // bounds the recursion as well: a tuple inside of a tuple is counted before it is gone into
        if (++count > limit) {
            throw new CheckpointException("a key of more than " + limit + " values");
        }
        if (key instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }
        if (key instanceof Tuple tuple) {
            List<@Nullable Object> values = new ArrayList<>();
            for (Object value : tuple.values()) {
                values.add(convert(value));
            }
            return values.equals(tuple.values()) ? tuple : new Tuple(values);
        }
        if (key instanceof FrozenSet set) {
            count += set.size();
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
                || key instanceof PythonGlobal;
        if (!plain) {
            throw new CheckpointException(Kinds.of(key) + " cannot be a key or a member of a set");
        }
        return key;
    }
}
