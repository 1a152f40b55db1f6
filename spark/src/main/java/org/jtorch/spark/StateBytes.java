package org.jtorch.spark;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jtorch.Tensor;
import org.jtorch.nn.state.StateDict;
import org.jtorch.serialize.Checkpoint;

/** State dicts as the bytes of a checkpoint, as which they travel between the driver and the executors. */
final class StateBytes {

    /** What fits into an array, with room for what a file has besides the tensors. */
    private static final long LIMIT = Integer.MAX_VALUE - (16L << 20);

    private StateBytes() {}

    static byte[] write(StateDict state) {
        long bytes = state.values().stream().mapToLong(Tensor::nbytes).sum();
        if (bytes > LIMIT) {
            throw new IllegalArgumentException(
                    "the state has " + bytes + " bytes, and Spark sends at most " + LIMIT
                            + " as one value: save it with Checkpoint.save to a folder that the driver and the executors share, and load it there");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Checkpoint.save(out, state);
        return out.toByteArray();
    }

    static StateDict read(byte[] bytes) {
        return Checkpoint.load(ByteBuffer.wrap(bytes)).stateDict();
    }
}
