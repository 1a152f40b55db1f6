package org.jtorch.nn.state;

import org.jtorch.DType;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;

/** The distance of two tensors of which at least one is sparse, computed from their elements without making them dense. */
final class SparseDistance {

    private static final Operator INDICES = Operator.find("aten::_indices", "");
    private static final Operator VALUES = Operator.find("aten::_values", "");

    private SparseDistance() {}

    /** The distance of dense tensors. */
    interface Dense {
        double of(Tensor a, Tensor b);
    }

    static double of(Tensor a, Tensor b, Dense dense) {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = coordinates(a);
            Tensor y = coordinates(b);
            if (part(INDICES, x).equal(part(INDICES, y))) {
                return dense.of(part(VALUES, x), part(VALUES, y));
            }
            DType wide = a.isComplex() || b.isComplex() ? DType.COMPLEX128 : DType.FLOAT64;
            Tensor difference = part(VALUES, coordinates(x.to(wide).sub(y.to(wide))));
            return difference.numel() == 0 ? 0 : difference.abs().max().item();
        }
    }

    /** Returns the tensor in coordinate format, with sorted and unique coordinates. */
    private static Tensor coordinates(Tensor tensor) {
        Tensor here = tensor.cpu();
        return (here.layout() == Layout.SPARSE_COO ? here : here.toSparse()).coalesce();
    }

    private static Tensor part(Operator operator, Tensor tensor) {
        return (Tensor) operator.call(tensor).get(0);
    }
}
