package org.jtorch.serialize.pickle;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.serialize.CheckpointException;
import org.jtorch.serialize.Complex;
import org.jtorch.serialize.Size;
import org.jtorch.serialize.Tuple;

/** Which values may be keys of dicts and members of sets: those that do not change, and whose hash is quickly made. */
public final class Keys {

    private Keys() {}

    /**
     * Returns {@code key}.
     *
     * @throws CheckpointException where it cannot be one
     */
    public static @Nullable Object check(@Nullable Object key) {
        if (!(key instanceof String)) {
            count(key, 0);
        }
        return key;
    }

    private static int count(@Nullable Object key, int before) {
        int count = before + 1;
        if (key instanceof Tuple tuple) {
            // bounds the recursion as well: a tuple inside of a tuple is counted before it is gone into
            for (Object value : tuple.values()) {
                if (count > Limits.KEY) {
                    throw new CheckpointException("a key of more than " + Limits.KEY + " values");
                }
                count = count(value, count);
            }
            return count;
        }
        boolean plain = key == null
                || key instanceof String
                || key instanceof Long
                || key instanceof BigInteger
                || key instanceof Double
                || key instanceof Boolean
                || key instanceof Complex
                || key instanceof Size
                || key instanceof DType
                || key instanceof Device;
        if (!plain) {
            throw new CheckpointException(Kinds.of(key) + " cannot be a key or a member of a set");
        }
        return count;
    }
}
