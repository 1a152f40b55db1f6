package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** Checks tensors that do not keep their elements in memory with strides, in operations for which the engine expects that. */
public final class Opaque {

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

    /**
     * Refuses to convert a tensor without elements to oneDNN's layout. A later conversion back would divide by their
     * number.
     *
     * @throws IllegalArgumentException if the tensor has no elements
     */
    public static void checkMade(Tensor tensor) {
        if (tensor.numel() == 0) {
            throw new IllegalArgumentException("a tensor without elements cannot be converted to oneDNN's layout");
        }
    }

    /**
     * Refuses a tensor of oneDNN's layout.
     *
     * @throws IllegalArgumentException if the tensor has that layout
     */
    public static void checkCopy(Tensor tensor) {
        if (tensor.is_mkldnn()) {
            throw new IllegalArgumentException(
                    "a tensor of oneDNN's layout cannot be copied from or to: call toDense() first");
        }
    }
}
