package org.jtorch.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorOptions;
import org.jtorch.Torch;

/** Small tensors in and out of Java arrays. */
final class Values {

    private Values() {}

    static Tensor leaf(double... values) {
        return of(values).requiresGrad_();
    }

    static Tensor of(double... values) {
        Tensor tensor = Torch.zeros(new long[] {values.length}, TensorOptions.of(DType.FLOAT64));
        for (int i = 0; i < values.length; i++) {
            tensor.select(0, i).fill_(values[i]);
        }
        return tensor;
    }

    static double[] list(@Nullable Tensor tensor) {
        assertNotNull(tensor);
        Tensor flat = tensor.detach().flatten();
        double[] values = new double[(int) flat.numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = flat.select(0, i).item();
        }
        return values;
    }

    static void assertValues(@Nullable Tensor actual, double... expected) {
        assertArrayEquals(expected, list(actual), 1e-9);
    }
}
