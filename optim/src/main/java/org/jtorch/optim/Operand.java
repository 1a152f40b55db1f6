package org.jtorch.optim;

import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.internal.Extent;
import org.jtorch.internal.TensorKind;

/**
 * The state of one of the optimizer's tensors at one step.
 *
 * @param tensor a parameter, or a part of its state
 * @param kind the dtype, device and layout
 * @param extent the sizes and strides
 */
record Operand(Tensor tensor, TensorKind kind, Extent extent) {

    /** Returns the present state of {@code kept}. */
    static Operand of(Kept kept) {
        TensorKind kind = kept.kind();
        return new Operand(kept.tensor(), kind, Extent.of(kept.tensor(), kind.layout() == Layout.STRIDED));
    }
}
