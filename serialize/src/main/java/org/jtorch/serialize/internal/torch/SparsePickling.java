package org.jtorch.serialize.internal.torch;

import java.util.List;
import java.util.Objects;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Size;
import org.jtorch.Tensor;
import org.jtorch.serialize.internal.pickle.Pickler;

/** Writes {@code _rebuild_sparse_tensor(layout, parts)}, as PyTorch pickles sparse tensors, without the call itself. */
public final class SparsePickling {

    private SparsePickling() {}

    /** Returns whether {@code tensor} has a sparse layout. */
    static boolean takes(Tensor tensor) {
        return switch (tensor.layout()) {
            case SPARSE_COO, SPARSE_CSR, SPARSE_CSC, SPARSE_BSR, SPARSE_BSC -> true;
            default -> false;
        };
    }

    static void save(Pickler pickler, Tensor tensor) {
        Layout layout = tensor.layout();
        List<Tensor> parts = parts(tensor);
        boolean coalesced = layout == Layout.SPARSE_COO
                && (Boolean) Objects.requireNonNull(
                        Operator.find("aten::is_coalesced", "").call(tensor).get(0));
        form(pickler, layout, parts, tensor.shape(), coalesced);
    }

    /**
     * Writes a sparse tensor.
     *
     * @param parts the indices and values, which {@code pickler} accepts
     * @param coalesced whether the coordinates are in order and distinct
     */
    static void form(Pickler pickler, Layout layout, List<?> parts, long[] shape, boolean coalesced) {
        pickler.global("torch._utils", "_rebuild_sparse_tensor");
        pickler.save(layout);
        pickler.mark();
        parts.forEach(pickler::save);
        pickler.save(Size.of(shape));
        if (layout == Layout.SPARSE_COO) {
            pickler.bool(coalesced);
        }
        pickler.tupleFromMark();
        pickler.tupleOf(2);
    }

    /** Returns the indices and the values of a sparse tensor. */
    public static List<Tensor> parts(Tensor tensor) {
        return names(tensor.layout()).stream().map(name -> part(tensor, name)).toList();
    }

    private static Tensor part(Tensor tensor, String name) {
        return (Tensor) Operator.find("aten::" + name, "").call(tensor).get(0);
    }

    private static List<String> names(Layout layout) {
        return switch (layout) {
            case SPARSE_COO -> List.of("_indices", "_values");
            case SPARSE_CSR, SPARSE_BSR -> List.of("crow_indices", "col_indices", "values");
            default -> List.of("ccol_indices", "row_indices", "values");
        };
    }
}
