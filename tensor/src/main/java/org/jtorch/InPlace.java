package org.jtorch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Operators in place that the engine computes less precisely for a number than PyTorch's Python does. */
final class InPlace {

    private InPlace() {}

    /**
     * Multiplies with a number. The engine's function for numbers first rounds the number to the tensor's dtype: to 8 bits for
     * bfloat16. As in Python, the number is passed as a tensor, whose kernel does not.
     */
    static void mul_(Tensor self, Scalar number) {
        if (self.element_size() > 2) {
            self.mul_(number);
            return;
        }
        try (Tensor wrapped = torch.wrapped_scalar_tensor(number)) {
            self.mul_(wrapped);
        }
    }
}
