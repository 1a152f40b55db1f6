package org.jtorch.serialize.internal.file;

import java.io.IOException;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.zip.ByteSink;

/**
 * A tensor on its way into a file: what it is, and how its bytes come, dense and row-major, when its turn is there.
 *
 * @param body writes as many bytes as {@link #nbytes} says
 */
public record Outgoing(String name, DType dtype, long[] shape, Body body) {

    /** A tensor's bytes. */
    public interface Body {
        void write(ByteSink sink) throws IOException;
    }

    /**
     * One that is in memory.
     *
     * @throws CheckpointException if it is on another device
     */
    public static Outgoing of(String name, Tensor tensor) {
        if (!tensor.device().equals(Device.CPU)) {
            throw new CheckpointException(
                    "tensor '" + name + "' is on " + tensor.device() + ": move it to the processor first");
        }
        if (tensor.isUninitialized()) {
            throw new CheckpointException(
                    "tensor '" + name + "' of a lazy module has no shape yet, which the safetensors"
                            + " format has no form for: run the module once first, or write a .pt file");
        }
        DType dtype = tensor.dtype();
        return new Outgoing(name, dtype, tensor.shape(), sink -> DensePieces.write(tensor, dtype, sink, () -> {}));
    }

    /** How many bytes it takes. */
    public long nbytes() {
        long count = dtype.itemSize();
        for (long size : shape) {
            count *= size;
        }
        return count;
    }
}
