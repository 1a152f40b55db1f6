package org.jtorch.optim;

import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/**
 * A sparse gradient, with each of its indices once.
 *
 * @param indices the indices of its elements: (sparse dimensions, n)
 * @param values its elements: (n, dense dimensions…)
 * @param gradient the gradient
 */
record SparseGradient(Tensor indices, Tensor values, Tensor gradient) {

    private static final Operator INDICES = Operator.find("aten::_indices", "");
    private static final Operator VALUES = Operator.find("aten::_values", "");
    private static final Operator MASK = Operator.find("aten::sparse_mask", "");

    /**
     * Returns the gradient of a parameter.
     *
     * @param maximize whether to return the negative gradient
     */
    static SparseGradient of(Slot slot, boolean maximize) {
        Tensor gradient = (maximize ? slot.grad().neg() : slot.grad()).coalesce();
        return new SparseGradient(first(INDICES, gradient), first(VALUES, gradient), gradient);
    }

    /** Returns a sparse tensor with other values at the indices of the gradient. */
    Tensor with(Tensor others) {
        return Torch.sparseCooTensor(indices, others, gradient.shape());
    }

    /** Returns a copy of the elements that a dense tensor has at the indices of the gradient. */
    Tensor of(Tensor dense) {
        return first(VALUES, (Tensor) MASK.call(dense, gradient).get(0));
    }

    private static Tensor first(Operator operator, Tensor tensor) {
        return (Tensor) operator.call(tensor).get(0);
    }
}
