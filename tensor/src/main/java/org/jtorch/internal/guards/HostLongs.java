package org.jtorch.internal.guards;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies the values of a tensor of integers to a Java array. */
final class HostLongs {

    private HostLongs() {}

    static long[] of(String name, Tensor tensor) {
        if (tensor.numel() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(name + " has " + tensor.numel() + " elements, which is too many");
        }
        try (Tensor here = tensor.cpu();
                Tensor detached = here.detach();
                Tensor typed = detached.to(ScalarType.Long);
                Tensor dense = typed.contiguous()) {
            long[] values = new long[(int) dense.numel()];
            if (values.length > 0) {
                try (LongPointer pointer = new LongPointer(dense.const_data_ptr())) {
                    pointer.get(values);
                }
            }
            return values;
        }
    }
}
