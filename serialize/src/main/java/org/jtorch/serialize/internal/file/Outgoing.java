package org.jtorch.serialize.internal.file;

import java.io.IOException;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.zip.ByteSink;

/**
 * A tensor that will be written to a file, and the code that writes its bytes, dense and row-major.
 *
 * @param body writes exactly {@link #nbytes} bytes
 */
public record Outgoing(String name, DType dtype, long[] shape, Body body) {

    /** Writes a tensor's bytes. */
    public interface Body {
        void write(ByteSink sink) throws IOException;
    }

    /**
     * Returns a tensor in memory.
     *
     * @throws CheckpointException if it is on another device
     */
    public static Outgoing of(String name, Tensor tensor) {
        if (!tensor.device().equals(Device.CPU)) {
            throw new CheckpointException(
                    "tensor '" + name + "' is on " + tensor.device() + ": move it to the CPU first");
        }
        if (tensor.isUninitialized()) {
            throw new CheckpointException(
                    "tensor '" + name + "' of a lazy module has no shape yet, which the safetensors"
                            + " format cannot represent: call the module once first, or write a .pt file");
        }
        DType dtype = tensor.dtype();
        return new Outgoing(name, dtype, tensor.shape(), sink -> DensePieces.write(tensor, dtype, sink, () -> {}));
    }

    /** Returns the number of bytes. */
    public long nbytes() {
        long count = dtype.itemSize();
        for (long size : shape) {
            count *= size;
        }
        return count;
    }
}
