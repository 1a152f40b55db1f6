package org.jtorch.nn;

import java.util.Arrays;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/** What uninitialized parameters and buffers have in common. */
final class MissingShape {

    private MissingShape() {}

    /** Gives {@code tensor} a shape, with arbitrary values. */
    static void give(Tensor tensor, String what, long[] shape, Device device, DType dtype) {
        if (!tensor.isUninitialized()) {
            throw new IllegalStateException(
                    "this " + what + " already has its shape: " + Arrays.toString(tensor.shape()));
        }
        setData(tensor, shape, device, dtype);
    }

    /** Makes {@code tensor} a tensor without a shape again. */
    static void forget(Tensor tensor) {
        setData(tensor, new long[] {0}, tensor.device(), tensor.dtype());
    }

    private static void setData(Tensor tensor, long[] shape, Device device, DType dtype) {
        try (Tensor values = Torch.empty(shape, TensorOptions.of(dtype).device(device))) {
            tensor.setData(values);
        }
    }
}
