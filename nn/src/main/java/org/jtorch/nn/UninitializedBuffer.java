package org.jtorch.nn;

import java.util.function.Consumer;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * A buffer whose shape is not known yet; see {@link UninitializedTensor}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedBuffer.html">
 *     torch.nn.parameter.UninitializedBuffer</a>
 */
public final class UninitializedBuffer extends Buffer implements UninitializedTensor {

    /** Creates a persistent float32 buffer on the CPU that does not require grad. */
    public UninitializedBuffer() {
        this(TensorOptions.DEFAULT);
    }

    /** Creates a persistent buffer with the given dtype and device. It requires grad only if the options say so. */
    public UninitializedBuffer(TensorOptions options) {
        this(options, o -> {});
    }

    /**
     * Creates a buffer without a shape.
     *
     * @param options the dtype and the device, and whether the buffer requires grad; by default it does not
     * @param bufferOptions sets the optional arguments of a buffer
     */
    public UninitializedBuffer(TensorOptions options, Consumer<Buffer.Options> bufferOptions) {
        super(
                Torch.empty(new long[] {0}, options.requiresGrad(false)),
                Boolean.TRUE.equals(options.requiresGrad()),
                Options.persistent(bufferOptions));
        setUninitialized(true);
    }

    @Override
    public void materialize(long[] shape, Device device, DType dtype) {
        MissingShape.give(this, "buffer", shape, device, dtype);
        setUninitialized(false);
    }

    /** Reverts {@link #materialize}. */
    void forgetShape() {
        MissingShape.forget(this);
        setUninitialized(true);
    }

    @Override
    public String toString() {
        return isUninitialized() ? "<UninitializedBuffer>" : super.toString();
    }
}
