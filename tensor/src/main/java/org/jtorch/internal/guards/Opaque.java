package org.jtorch.internal.guards;

import org.bytedeco.pytorch.Tensor;

/** Tensors that keep their elements in another way than in one memory with strides, where the engine looks for that memory. */
public final class Opaque {

    private Opaque() {}

    /**
     * Refuses to select from a nested tensor along another dimension than the first.
     *
     * @throws IllegalArgumentException if it is asked for
     */
    public static void checkSelect(Tensor self, long dim) {
        if (self.is_nested() && dim != 0 && dim + self.dim() != 0) {
            throw new IllegalArgumentException("a nested tensor can be selected from along dimension 0 only, not along "
                    + dim + ": unbind it first");
        }
    }

    /**
     * Refuses to bring a tensor without elements into oneDNN's layout: what reorders it later divides by their number.
     *
     * @throws IllegalArgumentException if it has none
     */
    public static void checkMade(Tensor tensor) {
        if (tensor.numel() == 0) {
            throw new IllegalArgumentException("a tensor without elements cannot be brought into oneDNN's layout");
        }
    }

    /**
     * Refuses a tensor of oneDNN's own layout.
     *
     * @throws IllegalArgumentException if it is one
     */
    public static void checkCopy(Tensor tensor) {
        if (tensor.is_mkldnn()) {
            throw new IllegalArgumentException(
                    "a tensor of oneDNN's layout cannot be copied from or to: call toDense() first");
        }
    }
}
