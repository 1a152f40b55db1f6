package org.jtorch.nn;

import java.util.Arrays;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/** What a parameter and a buffer that wait for their shape do alike. */
final class MissingShape {

    private MissingShape() {}

    /** Gives {@code tensor} a shape, and arbitrary values. */
    static void give(Tensor tensor, String what, long[] shape, Device device, DType dtype) {
        if (!tensor.isUninitialized()) {
            throw new IllegalStateException(
                    "this " + what + " has its shape already: " + Arrays.toString(tensor.shape()));
        }
        setData(tensor, shape, device, dtype);
    }

    /** Takes the shape of {@code tensor} back. */
    static void forget(Tensor tensor) {
        setData(tensor, new long[] {0}, tensor.device(), tensor.dtype());
    }

    private static void setData(Tensor tensor, long[] shape, Device device, DType dtype) {
        try (Tensor values = Torch.empty(shape, TensorOptions.of(dtype).device(device))) {
            tensor.setData(values);
        }
    }
}
