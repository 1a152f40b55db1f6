package org.jtorch;

import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The parts of sparse tensors. Their indices are used as addresses, and looked at once, when a sparse tensor is made: so a sparse
 * tensor has indices of its own that nobody else can write to. It shares its values, through a handle that nobody else can
 * resize.
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

    /** Whether the operator gives out the indices of a sparse tensor: then what it gives is copied. */
    static boolean givesIndices(String operator) {
        return INDICES.contains(operator);
    }

    /** Whether the operator makes a sparse tensor of its parts. */
    static boolean makesSparse(String operator) {
        return operator.startsWith("aten::sparse_") && operator.endsWith("_tensor");
    }

    /** What a sparse tensor gets in place of {@code part}; the caller's to close. */
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

    /** How the engine makes one of the compressed layouts. */
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
