package org.jtorch.nn;

import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/**
 * A parameter whose shape is not known yet; see {@link UninitializedTensor}.
 *
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedParameter.html">
 *     torch.nn.parameter.UninitializedParameter</a>
 */
public final class UninitializedParameter extends Parameter implements UninitializedTensor {

    /** Creates a float32 parameter on the CPU that requires grad. */
    public UninitializedParameter() {
        this(TensorOptions.DEFAULT);
    }

    /** Creates a parameter with the given dtype and device. It requires grad unless the options say otherwise. */
    public UninitializedParameter(TensorOptions options) {
        super(Torch.empty(new long[] {0}, options.requiresGrad(false)), !Boolean.FALSE.equals(options.requiresGrad()));
        setUninitialized(true);
    }

    @Override
    public void materialize(long[] shape, Device device, DType dtype) {
        MissingShape.give(this, "parameter", shape, device, dtype);
        setUninitialized(false);
    }

    /** Reverts {@link #materialize}. */
    void forgetShape() {
        MissingShape.forget(this);
        setUninitialized(true);
    }

    @Override
    public String toString() {
        return isUninitialized() ? "<UninitializedParameter>" : super.toString();
    }
}
