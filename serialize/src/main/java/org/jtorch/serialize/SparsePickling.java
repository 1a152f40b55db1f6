package org.jtorch.serialize;

import java.util.List;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.serialize.pickle.Pickler;

/** {@code _rebuild_sparse_tensor(layout, parts)}: how PyTorch pickles tensors of the sparse layouts; all but its call. */
final class SparsePickling {

    private SparsePickling() {}

    /** Whether {@code tensor} is of such a layout. */
    static boolean takes(Tensor tensor) {
        return switch (tensor.layout()) {
            case SPARSE_COO, SPARSE_CSR, SPARSE_CSC, SPARSE_BSR, SPARSE_BSC -> true;
            default -> false;
        };
    }

    static void save(Pickler pickler, Tensor tensor) {
        pickler.global("torch._utils", "_rebuild_sparse_tensor");
        pickler.save(tensor.layout());
        pickler.mark();
        for (String part : parts(tensor)) {
            pickler.save(part(tensor, part));
        }
        pickler.save(new Size(tensor.shape()));
        boolean coordinates = parts(tensor).size() == 2;
        if (coordinates) {
            pickler.bool((Boolean)
                    Operator.find("aten::is_coalesced", "").call(tensor).get(0));
        }
        pickler.tupleFromMark();
        pickler.tupleOf(2);
    }

    private static Tensor part(Tensor tensor, String name) {
        return (Tensor) Operator.find("aten::" + name, "").call(tensor).get(0);
    }

    private static List<String> parts(Tensor tensor) {
        return switch (tensor.layout()) {
            case SPARSE_COO -> List.of("_indices", "_values");
            case SPARSE_CSR, SPARSE_BSR -> List.of("crow_indices", "col_indices", "values");
            default -> List.of("ccol_indices", "row_indices", "values");
        };
    }
}
