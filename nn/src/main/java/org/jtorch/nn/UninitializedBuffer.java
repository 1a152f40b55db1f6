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

    /** Of float32 on the CPU, not requiring grad. */
    public UninitializedBuffer() {
        this(TensorOptions.DEFAULT);
    }

    /** Of that dtype and on that device, persistent; whether it requires grad too, default false. */
    public UninitializedBuffer(TensorOptions options) {
        this(options, o -> {});
    }

    /**
     * A buffer without a shape.
     *
     * @param options its dtype and device; whether it requires grad too, default false
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

    /** Takes {@link #materialize} back. */
    void forgetShape() {
        MissingShape.forget(this);
        setUninitialized(true);
    }

    @Override
    public String toString() {
        return isUninitialized() ? "<UninitializedBuffer>" : super.toString();
    }
}
