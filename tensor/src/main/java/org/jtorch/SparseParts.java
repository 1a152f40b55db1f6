package org.jtorch;

import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The parts of sparse tensors. The engine uses their indices as addresses, and checks them only once, when a sparse tensor
 * is created. Therefore each sparse tensor has its own indices, to which nobody else can write. It shares its values,
 * through a handle that nobody else can resize.
 */
final class SparseParts {

    private static final Set<String> INDICES = Set.of(
            "aten::_indices",
            "aten::indices",
            "aten::crow_indices",
            "aten::col_indices",
            "aten::ccol_indices",
            "aten::row_indices");

    private SparseParts() {}

    /** Returns whether the operator returns the indices of a sparse tensor. They are then copied. */
    static boolean givesIndices(String operator) {
        return INDICES.contains(operator);
    }

    /** Returns whether the operator creates a sparse tensor from its parts. */
    static boolean makesSparse(String operator) {
        return operator.startsWith("aten::sparse_") && operator.endsWith("_tensor");
    }

    /** Returns the replacement of {@code part} in a sparse tensor, which the caller must close. */
    static Tensor own(String name, Tensor part) {
        return name.endsWith("indices") ? part.clone() : torch.alias(part);
    }

    static Tensor coo(Tensor indices, Tensor values, long[] size, DType dtype, boolean coalesced) {
        try (Tensor own = own("indices", indices);
                Tensor alias = own("values", values)) {
            return torch.torch_sparse_coo_tensor(
                    own, alias, size, HostArrays.options(dtype), HostArrays.optional(coalesced));
        }
    }

    /** Creates a tensor with one of the compressed layouts. */
    @FunctionalInterface
    interface Maker {
        Tensor make(Tensor compressed, Tensor plain, Tensor values, long[] size, TensorOptions options);
    }

    static Tensor compressed(Maker maker, Tensor compressed, Tensor plain, Tensor values, long[] size, DType dtype) {
        try (Tensor ownCompressed = own("indices", compressed);
                Tensor ownPlain = own("indices", plain);
                Tensor alias = own("values", values)) {
            return maker.make(ownCompressed, ownPlain, alias, size, HostArrays.options(dtype));
        }
    }
}
