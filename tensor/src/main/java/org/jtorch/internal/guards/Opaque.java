package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** Checks tensors that do not keep their elements in memory with strides, in operations for which the engine expects that. */
public final class Opaque {

    /**
     * Why no tensor of oneDNN's layout is made. Its sum divides by the size of the processor's cache, which oneDNN reads as
     * zero on some virtual machines, and that ends the process.
     */
    public static final String ONE_DNN =
            "tensors of oneDNN's layout are not supported, since oneDNN divides by zero when it"
                    + " adds them on some CPUs; oneDNN's kernels are used for strided tensors too";

    private Opaque() {}

    /**
     * Refuses to select from a nested tensor along another dimension than the first.
     *
     * @throws IllegalArgumentException if {@code self} is nested and {@code dim} is not the first dimension
     */
    public static void checkSelect(Tensor self, long dim) {
        if (self.is_nested() && dim != 0 && dim + self.dim() != 0) {
            throw new IllegalArgumentException(
                    "select on a nested tensor needs dimension 0, not " + dim + ": unbind it first");
        }
    }
}
