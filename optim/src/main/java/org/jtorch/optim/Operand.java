package org.jtorch.optim;

import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.internal.Extent;
import org.jtorch.internal.TensorKind;

/**
 * A tensor of the optimizer's own as it is at one step.
 *
 * @param tensor a parameter, or a part of its state
 * @param kind its dtype, device and layout
 * @param extent its sizes and strides
 */
record Operand(Tensor tensor, TensorKind kind, Extent extent) {

    /** What {@code kept} is now. */
    static Operand of(Kept kept) {
        TensorKind kind = kept.kind();
        return new Operand(kept.tensor(), kind, Extent.of(kept.tensor(), kind.layout() == Layout.STRIDED));
    }
}
