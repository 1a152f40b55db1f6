package org.jtorch.serialize.internal.contents;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.jtorch.Size;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.python.PythonObject;
import org.jtorch.serialize.python.Tuple;

/**
 * Reads what one process saved of tensors of {@code torch.distributed}: its own part, with a record of how the whole is
 * distributed.
 */
public final class DistributedTensors {

    private static final Set<String> DTENSOR = Set.of(
            "torch.distributed.tensor.DTensor",
            "torch.distributed.tensor._api.DTensor",
            "torch.distributed._tensor.DTensor",
            "torch.distributed._tensor.api.DTensor");

    private static final String SHARDED = "torch.distributed._shard.sharded_tensor.api.ShardedTensor";

    private DistributedTensors() {}

    /**
     * Returns the local part of a DTensor, or of a ShardedTensor that has one, as a tensor or its description; any other
     * value itself.
     */
    public static @Nullable Object local(@Nullable Object value) {
        Object part = null;
        if (value instanceof PythonObject object && DTENSOR.contains(object.name())) {
            part = object.attribute("_local_tensor");
        } else if (value instanceof PythonObject object && object.name().equals(SHARDED)) {
            part = shard(object);
        }
        return part == null ? value : part;
    }

    /**
     * Returns the tensor of the only shard. The state of a ShardedTensor is a tuple that begins with the list of local
     * shards.
     */
    private static @Nullable Object shard(PythonObject sharded) {
        return sharded.state() instanceof Tuple state
                        && state.size() > 0
                        && state.get(0) instanceof List<?> shards
                        && shards.size() == 1
                        && shards.get(0) instanceof PythonObject shard
                ? shard.attribute("tensor")
                : null;
    }

    /**
     * Returns the local part for callers that need the whole tensor.
     *
     * @param key the name of the tensor in messages
     * @throws CheckpointException if the local part is not the whole tensor
     */
    public static @Nullable Object whole(String key, @Nullable Object value) {
        Object local = local(value);
        if (local != value && local instanceof StoredTensor part) {
            long[] shape = shape((PythonObject) value);
            if (shape == null || !Arrays.equals(shape, part.shape())) {
                throw new CheckpointException("'" + key + "' is a part of shape " + Arrays.toString(part.shape())
                        + " of a distributed tensor" + (shape == null ? "" : " of shape " + Arrays.toString(shape))
                        + ": save its full_tensor() in Python, or the result of get_model_state_dict with"
                        + " full_state_dict=True");
            }
        }
        return local;
    }

    /** Returns the shape in {@code _rebuild_wrapper_subclass(class, dtype, size, ...)}. */
    private static long @Nullable [] shape(@Nullable PythonObject wrapper) {
        if (wrapper == null || wrapper.arguments().size() < 3) {
            return null;
        }
        Object size = wrapper.arguments().get(2);
        if (size instanceof Size known) {
            return known.toArray();
        }
        List<?> sizes = size instanceof Tuple tuple ? tuple.values() : List.of();
        return sizes.stream().allMatch(Long.class::isInstance)
                ? sizes.stream().mapToLong(each -> (Long) each).toArray()
                : null;
    }
}
